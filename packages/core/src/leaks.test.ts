import { execFile } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { answering, contentEvents, finishEvent, startUpstream, streaming } from './fixtures/upstream.ts'
import { Router, type RouterOptions, type Transport } from './index-router.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const CHAT = 'http://router.invalid/v1/chat/completions'
const PLAIN = '{"model":"m"}'
const STREAMED = '{"model":"m","stream":true}'

/** Answers from memory what the fixture's upstream answers over a socket. */
const answerInMemory: Transport = async ({ body }) => {
  const { stream } = JSON.parse(new TextDecoder().decode(body))
  if (!stream) return Response.json({ choices: [{ finish_reason: 'stop', message: { content: 'one' } }] })
  const events = [...contentEvents('one two'), finishEvent, '[DONE]']
  return new Response(events.map((event) => `data: ${event}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  })
}

function createRouter(source: Transport | { baseURL: string }, options: RouterOptions = {}): Router {
  const router = new Router(options)
  router.addModel(source, { modelName: 'only', models: ['m'] })
  return router
}

describe("listeners on the caller's signal", () => {
  /** One way to make a call and be done with it. */
  type Call = (router: Router, signal: AbortSignal) => Promise<unknown>

  const read: Call = async (router, signal) => {
    await (await router.fetch(CHAT, { method: 'POST', body: PLAIN, signal })).text()
  }
  const readStream: Call = async (router, signal) => {
    await (await router.fetch(CHAT, { method: 'POST', body: STREAMED, signal })).text()
  }
  const leaveStream: Call = async (router, signal) => {
    await (await router.fetch(CHAT, { method: 'POST', body: STREAMED, signal })).body?.cancel()
  }
  const sendStream: Call = async (router, signal) => {
    const init = { method: 'POST', body: new Blob([PLAIN]).stream(), duplex: 'half', signal } as RequestInit
    await (await router.fetch(CHAT, init)).text()
  }
  const sendForm: Call = async (router, signal) => {
    const body = new FormData()
    body.set('model', 'm')
    await (await router.fetch('http://router.invalid/v1/audio', { method: 'POST', body, signal })).text()
  }

  it.each<[string, Call, number]>([
    ['answers', read, 10_000],
    ['streams read to their end', readStream, 2_000],
    ['streams left early', leaveStream, 2_000],
    ['bodies that are streams', sendStream, 2_000],
    ['forms', sendForm, 500],
  ])('stay as many as before, over thousands of %s', { timeout: 60_000 }, async (_, call, calls) => {
    const { signal } = new AbortController()
    let most = 0
    const router = createRouter(async (request) => {
      most = Math.max(most, getEventListeners(signal, 'abort').length)
      return request.path === '/audio' ? Response.json({}) : answerInMemory(request)
    })
    for (let made = 0; made < calls; made++) await call(router, signal)
    expect([most, getEventListeners(signal, 'abort').length]).toEqual([1, 0])
  })

  it('stay as many as before when a call fails over and fails', async () => {
    const { signal } = new AbortController()
    const router = createRouter(() => Promise.reject(new TypeError('refused')), { retry: { sameMember: 0 } })
    router.addFallbackModel(async () => new Response('busy', { status: 503 }), { modelName: 'next', models: ['m'] })
    for (let made = 0; made < 1_000; made++) {
      await read(router, signal)
      await router.reset()
      router.addModel(() => Promise.reject(new TypeError('refused')), { modelName: 'only', models: ['m'] })
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('a stream that is cancelled while a read waits', () => {
  it('ends once: its slot comes back once and nothing is held against the member', async () => {
    const upstream = await startUpstream(streaming(contentEvents('one'), 'silence'))
    const router = createRouter(upstream)
    const verdicts: string[] = []
    router.on('attempt', ({ verdict }) => verdicts.push(verdict.kind))
    const response = await router.fetch(CHAT, { method: 'POST', body: STREAMED })
    const reader = response.body?.getReader()
    await reader?.read()
    const waiting = reader?.read()
    await new Promise((resolve) => setImmediate(resolve))
    await reader?.cancel('enough')
    expect(await waiting).toEqual({ done: true, value: undefined })
    await vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { timeout: 10_000, interval: 2 })
    expect(verdicts).toEqual(['cancelled'])
    expect(router.getStats().members.only).toMatchObject({ inFlight: 0, verdicts: { cancelled: 1 } })
  })
})

describe('a stream that nobody reads', () => {
  it('closes the upstream socket and frees the slot within 100 ms of its collection', { timeout: 30_000 }, async () => {
    const upstream = await startUpstream(streaming(contentEvents('one two'), 'silence'))
    const router = createRouter(upstream)
    const times: number[] = []
    while (times.length < 3 && !(Math.min(...times) <= 100)) {
      const dropped = new WeakRef(await router.fetch(CHAT, { method: 'POST', body: STREAMED }))
      expect([upstream.openRequests(), router.getStats().inFlight]).toEqual([1, 1])
      const collectedMs = await collectionOf(dropped)
      await vi.waitFor(() => expect([upstream.openRequests(), router.getStats().inFlight]).toEqual([0, 0]), {
        timeout: 10_000,
        interval: 2,
      })
      times.push(Date.now() - collectedMs)
    }
    expect(Math.min(...times)).toBeLessThanOrEqual(100)
    expect(router.getStats().members.only).toMatchObject({ inFlight: 0, breaker: 'closed' })
  })

  it('is left alone while somebody holds it', async () => {
    const upstream = await startUpstream(streaming(contentEvents('one two'), 'silence'))
    const router = createRouter(upstream)
    const response = await router.fetch(CHAT, { method: 'POST', body: STREAMED })
    for (let pass = 0; pass < 5; pass++) {
      collectGarbage()
      await delay(1)
    }
    expect([upstream.openRequests(), router.getStats().inFlight]).toEqual([1, 1])
    await response.body?.cancel()
  })

  /** Collects garbage until `reference` is gone. */
  async function collectionOf(reference: WeakRef<object>): Promise<number> {
    await vi.waitFor(
      async () => {
        // A WeakRef holds its target until the turn in which it was looked at is over.
        await delay(1)
        collectGarbage()
        expect(reference.deref()).toBeUndefined()
      },
      { timeout: 10_000, interval: 2 },
    )
    return Date.now()
  }
})

describe('a stream that its caller aborted', { timeout: 30_000 }, () => {
  it('is collected, also when the reason of the abort leads back to it, as the stack of an error can', async () => {
    const upstream = await startUpstream(streaming(contentEvents('one two'), 'silence'))
    const router = createRouter(upstream)
    const left: WeakRef<object>[] = []
    for (let made = 0; made < 20; made++) left.push(await leave(router))
    await vi.waitFor(
      async () => {
        await delay(1)
        collectGarbage()
        expect(left.filter((stream) => stream.deref() !== undefined).length).toBe(0)
      },
      { timeout: 10_000, interval: 2 },
    )
  })

  async function leave(router: Router): Promise<WeakRef<object>> {
    const caller = new AbortController()
    const { body } = await router.fetch(CHAT, { method: 'POST', body: STREAMED, signal: caller.signal })
    const reader = body?.getReader()
    await reader?.read()
    caller.abort(Object.assign(new Error('enough'), { body }))
    await reader?.read().catch(() => {})
    return new WeakRef(body ?? {})
  }
})

describe('a process', () => {
  const script = `
    const [, routerUrl, baseURL] = process.argv
    const { Router } = await import(routerUrl)
    const router = new Router({ deadlineMs: 60_000 })
    router.addModel({ baseURL: 'http://127.0.0.1:9/v1' }, { modelName: 'dead', models: ['m'] })
    router.addFallbackModel({ baseURL }, { modelName: 'only', models: ['m'] })
    const call = (stream, signal) =>
      router.fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', stream }), signal })
    for (let i = 0; i < 5; i++) await (await call(false)).text()
    const text = await (await call(true)).text()
    await (await call(true)).body.cancel()
    const aborter = new AbortController()
    const aborted = call(false, aborter.signal).catch(() => {})
    setImmediate(() => aborter.abort())
    await aborted
    process.stdout.write(text.includes('[DONE]') ? 'done' : text)
  `

  it('exits at once after its last call', { timeout: 30_000 }, async () => {
    const upstream = await startUpstream(answering('a'))
    const routerUrl = new URL('../dist/index-router.js', import.meta.url).href
    const child = execFile(process.execPath, ['--input-type=module', '--eval', script, routerUrl, upstream.baseURL], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    onTestFinished(() => void child.kill())
    const exit = once(child, 'exit')
    const [said] = await once(child.stdout as NodeJS.ReadableStream, 'data')
    const saidMs = Date.now()
    expect(said).toBe('done')
    expect(await exit).toEqual([0, null])
    expect(Date.now() - saidMs).toBeLessThan(1_000)
  })

  it('does nothing while calls wait for a busy pool', async () => {
    const now = vi.fn(() => Date.now())
    const router = new Router({ now })
    const release: (() => void)[] = []
    const busy: Transport = async (request) => {
      await new Promise<void>((resolve) => release.push(resolve))
      return answerInMemory(request)
    }
    router.addModel(busy, { modelName: 'first', models: ['m'], maxConcurrent: 1 })
    router.addFallbackModel(busy, { modelName: 'second', models: ['m'], maxConcurrent: 1 })
    const calls = Array.from({ length: 100 }, () => router.fetch(CHAT, { method: 'POST', body: PLAIN }))
    await vi.waitFor(() => expect(router.getStats()).toMatchObject({ inFlight: 100, waiting: 98 }), { timeout: 15_000 })
    now.mockClear()
    const before = process.cpuUsage()
    await delay(200)
    const { user, system } = process.cpuUsage(before)
    expect(now).not.toHaveBeenCalled()
    expect((user + system) / 1_000).toBeLessThan(100)
    for (let answered = 0; answered < 100; answered++) {
      await vi.waitFor(() => expect(release.length).toBeGreaterThan(answered), { interval: 1, timeout: 15_000 })
      release[answered]?.()
    }
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses).toEqual(Array(100).fill(200))
  })
})
