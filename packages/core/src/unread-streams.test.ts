import { describe, expect, it, vi } from 'vitest'
import { contentEvents, startUpstream, streaming } from './fixtures/upstream.ts'
import { Router, type RouterOptions } from './index-router.ts'

/** Starts a stream that says two words and then nothing, and reads none of it. */
async function startUnread(options: RouterOptions = {}, signal?: AbortSignal) {
  const upstream = await startUpstream(streaming(contentEvents('one two'), 'silence'))
  const router = new Router(options)
  router.addModel({ baseURL: upstream.baseURL }, { modelName: 'only', maxConcurrent: 1 })
  const body = JSON.stringify({ model: 'm', messages: [], stream: true })
  const response = await router.fetch('/v1/chat/completions', { method: 'POST', body, signal: signal ?? null })
  expect(router.getStats().members.only?.inFlight).toBe(1)
  const isFree = () => vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { interval: 5, timeout: 15_000 })
  return { router, response, isFree }
}

describe('a stream that nobody reads at the moment', () => {
  it("is over at once when its caller aborts, and its next read gives the caller's reason", async () => {
    const aborter = new AbortController()
    const { router, response, isFree } = await startUnread({}, aborter.signal)
    aborter.abort(new Error('changed my mind'))
    expect(router.getStats()).toMatchObject({
      inFlight: 0,
      outcomes: { cancelled: 1 },
      members: { only: { inFlight: 0, verdicts: { cancelled: 1 } } },
    })
    await expect(response.text()).rejects.toThrow('changed my mind')
    await isFree()
  })

  it('is over at the deadline, which is not held against its member', async () => {
    const { router, response, isFree } = await startUnread({ deadlineMs: 2_000 })
    await vi.waitFor(() => expect(router.getStats().inFlight).toBe(0), { interval: 5, timeout: 15_000 })
    expect(router.getStats().members.only).toMatchObject({ inFlight: 0, verdicts: { cancelled: 1 } })
    await expect(response.text()).rejects.toMatchObject({
      name: 'StreamInterruptedError',
      cause: { name: 'DeadlineExceededError' },
    })
    await isFree()
  })

  it('is over on reset', async () => {
    const { router, response, isFree } = await startUnread()
    await router.reset()
    expect(router.getStats().inFlight).toBe(0)
    await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' })
    await isFree()
  })
})

it('ends a stream that is being read on reset with an AbortError, too, and blames nobody', async () => {
  const { router, response } = await startUnread()
  const verdicts: string[] = []
  router.on('attempt', ({ verdict }) => verdicts.push(verdict.kind))
  const reading = response.text().catch((error) => error)
  await new Promise((resolve) => setImmediate(resolve))
  await router.reset()
  expect([(await reading).name, verdicts]).toEqual(['AbortError', ['cancelled']])
})

describe('a stream that was given up', () => {
  const request = { method: 'POST', body: JSON.stringify({ model: 'm', messages: [], stream: true }) }

  it('is cancelled at its source, also when that does not listen to the signal', async () => {
    const cancel = vi.fn()
    const router = new Router({ retry: { sameMember: 0 }, timeouts: { firstContentMs: 20 } })
    const headers = { 'content-type': 'text/event-stream' }
    router.addModel(async () => new Response(new ReadableStream({ cancel }), { headers }), { modelName: 'silent' })
    expect((await router.fetch('/v1/chat/completions', request)).status).toBe(503)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('lets the generator of a chat client clean up', async () => {
    const cleanUp = vi.fn()
    async function* answer() {
      try {
        yield { error: { message: 'overloaded' } }
        yield {}
      } finally {
        cleanUp()
      }
    }
    const router = new Router({ retry: { sameMember: 0 } })
    router.addModel({ chat: { completions: { create: async () => answer() } } }, { modelName: 'client' })
    expect((await router.fetch('/v1/chat/completions', request)).status).toBe(503)
    await vi.waitFor(() => expect(cleanUp).toHaveBeenCalledOnce(), { timeout: 15_000 })
  })
})
