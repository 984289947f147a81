import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import {
  answering,
  contentEvents,
  finishEvent,
  refusing,
  resetting,
  roleEvent,
  type Script,
  startUpstream,
  streaming,
  streamingInTwo,
} from './fixtures/upstream.ts'
import {
  attemptsOf,
  type Classify,
  createVerdict,
  isMultiplexerError,
  Router,
  type RouterOptions,
} from './index-router.ts'

/** A router with one primary and one fallback that both serve `m`; no test waits for a real pause. */
async function startPair(
  primary: Script,
  { router: options, fallback = answering('fallback') }: { router?: RouterOptions; fallback?: Script } = {},
) {
  const upstreams = { primary: await startUpstream(primary), fallback: await startUpstream(fallback) }
  const router = new Router({ retry: { sameMember: 0 }, ...options })
  router.addModel(
    { baseURL: upstreams.primary.baseURL, apiKey: 'key-of-primary' },
    { modelName: 'primary', models: ['m'] },
  )
  router.addFallbackModel(
    { baseURL: upstreams.fallback.baseURL, apiKey: 'key-of-fallback' },
    { modelName: 'fallback', models: ['m'] },
  )
  return { router, ...upstreams }
}

function chat(router: Router, body: object = {}, init: RequestInit = {}): Promise<Response> {
  const payload = { model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...body }
  return router.fetch('https://api.example/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify(payload),
    ...init,
  })
}

async function textOf(response: Response): Promise<string> {
  const body = await response.text()
  if (!response.headers.get('content-type')?.includes('event-stream'))
    return JSON.parse(body).choices[0].message.content
  const events = body.split('\n\n').filter((event) => event.startsWith('data: {'))
  return events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? '').join('')
}

describe('failing over', () => {
  const failures: [string, Script, string][] = [
    ['500', refusing(500), 'unavailable'],
    ['503 as HTML', refusing(503, '<html>busy</html>', { 'content-type': 'text/html' }), 'unavailable'],
    ['429 with Retry-After', refusing(429, undefined, { 'retry-after': '2' }), 'rate-limited'],
    ['401', refusing(401), 'unauthorized'],
    ['404', refusing(404), 'model-missing'],
    ['200 with an error body', refusing(200, { error: { message: 'overloaded' } }), 'unavailable'],
    ['200 with half a JSON body', refusing(200, '{"choices":[{"mess'), 'unavailable'],
    ['200 with HTML', refusing(200, '<html>login</html>'), 'unavailable'],
    ['a reset before the headers', resetting, 'unavailable'],
    ['a redirect', refusing(302, '', { location: 'http://127.0.0.1:9/v1' }), 'unavailable'],
  ]
  it.each(failures)('answers from the fallback after %s', async (_, script, kind) => {
    const { router, primary } = await startPair(script)
    for (const stream of [false, true]) {
      const response = await chat(router, { stream })
      expect(await textOf(response)).toBe('fallback as m')
      expect(response.headers.get('x-multiplexer-model')).toBe('fallback')
    }
    expect(primary.seen.length).toBeGreaterThan(0)
    expect(router.getStats().members.primary?.verdicts).toEqual({ [kind]: primary.seen.length })
  })

  it('gives up an answer without end before it fills the memory', async () => {
    const endless: Script = (_, response) => {
      const chunk = Buffer.alloc(4 * 1024 * 1024, 32)
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more)
      }
      more()
    }
    const { router } = await startPair(endless)
    expect(await textOf(await chat(router))).toBe('fallback as m')
  }, 15_000)

  it('sends a request that is wrong in itself to one member and returns its answer untouched', async () => {
    const refusal = {
      error: { message: 'messages: too few', type: 'invalid_request_error', code: 'bad', param: 'messages' },
    }
    const { router, fallback } = await startPair(refusing(400, refusal, { 'x-request-id': 'r-1' }))
    const response = await chat(router)
    expect([response.status, await response.json(), response.headers.get('x-request-id')]).toEqual([
      400,
      refusal,
      'r-1',
    ])
    expect(fallback.seen).toHaveLength(0)
  })

  it("returns the member's own refusal when one attempt decided", async () => {
    const { router } = await startPair(refusing(503, { error: { message: 'busy' } }))
    router.removeModel('fallback')
    const response = await chat(router)
    expect([response.status, await response.json()]).toEqual([503, { error: { message: 'busy' } }])
    expect(attemptsOf(response)).toMatchObject([{ member: 'primary', status: 503, verdict: { kind: 'unavailable' } }])
  })

  it("says in the words of a member's own row what is the member's, and leaves the rest to the member", async () => {
    const router = new Router({ retry: { sameMember: 0 } })
    const only = (status: number) => async () => Response.json({ error: { message: 'wrong key' } }, { status })
    const classify: Classify = ({ status }) =>
      status === 401 ? createVerdict('unauthorized', { reason: 'set MEMBER_KEY' }) : undefined
    router.addModel(only(401), { modelName: 'row', classify })
    router.addModel(only(403), { modelName: 'no-row', classify })
    const [row, noRow] = [await chat(router, { model: 'row' }), await chat(router, { model: 'no-row' })]
    expect([row.status, (await row.json()).error.message]).toEqual([503, expect.stringContaining('set MEMBER_KEY')])
    expect([noRow.status, await noRow.json()]).toEqual([403, { error: { message: 'wrong key' } }])
  })

  it.each([
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['nothing', () => new Response(null, { status: 204 })],
    ['an error', () => Response.json({ error: { message: 'boom' } })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })],
  ])('passes on no answer that only looks like a success or leads elsewhere: %s', async (_, answer) => {
    const router = new Router({ retry: { sameMember: 0 } })
    router.addModel(async () => answer(), { modelName: 'only' })
    const response = await chat(router)
    expect([response.status, response.headers.get('x-multiplexer-error')]).toEqual([503, 'all-models-failed'])
    expect(response.headers.get('location')).toBeNull()
  })

  it('says what every member did when all of them failed', async () => {
    const { router } = await startPair(refusing(500), { fallback: refusing(429, undefined, { 'retry-after': '30' }) })
    const response = await chat(router)
    expect(response.status).toBe(503)
    expect(response.headers.get('x-multiplexer-error')).toBe('all-models-failed')
    expect(attemptsOf(response).map(({ member, status }) => [member, status])).toEqual([
      ['primary', 500],
      ['fallback', 429],
    ])
    expect((await response.json()).error.message).toBe('All 2 attempts failed (primary: HTTP 500; fallback: HTTP 429).')
  })

  it('answers 429 with Retry-After when every member is limited', async () => {
    const { router } = await startPair(refusing(429, undefined, { 'retry-after': '90' }), {
      fallback: refusing(429, undefined, { 'retry-after': '70' }),
      router: { now: () => 1_000 },
    })
    const response = await chat(router)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '70'])
    const next = await chat(router)
    expect([next.status, (await next.json()).error.code]).toEqual([503, 'all-models-failed'])
  })

  it.each([1, 2, 10, 50, 500])('answers all of %i simultaneous calls while the primary fails', async (n) => {
    const { router, primary } = await startPair(refusing(500))
    const answers = await Promise.all(Array.from({ length: n }, async () => textOf(await chat(router))))
    expect(answers).toEqual(Array(n).fill('fallback as m'))
    expect(primary.seen.length).toBeLessThanOrEqual(n)
    expect(router.getStats()).toMatchObject({ outcomes: { ok: n }, inFlight: 0, waiting: 0 })
  })

  it('asks a member that asked for a pause again only after the pause, and costs a waiting call just that', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    try {
      let limited = true
      const router = new Router()
      const transport = async (): Promise<Response> =>
        limited ? new Response('{}', { status: 429, headers: { 'retry-after': '1' } }) : Response.json({ choices: [] })
      router.addModel(transport, { modelName: 'only', models: ['m'] })
      const pending = chat(router)
      await vi.advanceTimersByTimeAsync(999)
      limited = false
      expect(router.getStats()).toMatchObject({ waiting: 1, members: { only: { breaker: 'open', attempts: 1 } } })
      await vi.advanceTimersByTimeAsync(2)
      expect((await pending).status).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('choosing a member', () => {
  it("sends the upstream its own model id, never the member's name", async () => {
    const upstream = await startUpstream(answering('u'))
    const router = new Router()
    router.addModel(
      { baseURL: upstream.baseURL },
      { modelName: 'pinned', models: ['own-id', 'other'], aliases: { logical: 'own-id-2' } },
    )
    const asked = ['other', 'logical', 'pinned', 'auto', 'placeholder', undefined]
    for (const model of asked) await chat(router, { model })
    expect(upstream.seen.map(({ body }) => JSON.parse(body).model)).toEqual([
      'other',
      'own-id-2',
      'own-id',
      'own-id',
      'own-id',
      'own-id',
    ])
  })

  it('leaves every byte but the model as it came', async () => {
    const upstream = await startUpstream(answering('u'))
    const router = new Router()
    router.addModel({ baseURL: upstream.baseURL }, { modelName: 'a', aliases: { m: 'own' } })
    const body =
      '{ "messages" : [ {"role":"user","content":"Gr\\u00fc\\u00dfe \\"model\\": 世界"} ],\n "model" :\t"m" , "temperature":1.0e0 }'
    await router.fetch('/v1/chat/completions', { method: 'POST', body })
    expect(upstream.seen[0]?.body).toBe(body.replace('"m"', '"own"'))
  })

  it('names what is served when nobody serves the model', async () => {
    const { router, primary } = await startPair(answering('p'))
    const response = await chat(router, { model: 'gpt-nope' })
    expect([response.status, (await response.json()).error]).toEqual([
      404,
      {
        message: 'No member serves the model "gpt-nope"; the pool serves m.',
        type: 'ModelSelectionError',
        code: 'model-unknown',
        param: null,
      },
    ])
    expect(primary.seen).toHaveLength(0)
  })

  it('tells an empty pool from an unknown model', async () => {
    const response = await chat(new Router())
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'no-members'])
  })

  it("gives each member its own key and no member the caller's credentials", async () => {
    const { router, primary, fallback } = await startPair(refusing(500))
    const headers = {
      authorization: 'Bearer of-the-caller',
      cookie: 'c=1',
      'x-trace': 't',
      'content-type': 'application/json',
    }
    await chat(router, {}, { headers })
    expect([primary, fallback].map(({ seen }) => seen[0]?.headers.authorization)).toEqual([
      'Bearer key-of-primary',
      'Bearer key-of-fallback',
    ])
    expect(fallback.seen[0]?.headers).toMatchObject({ 'x-trace': 't', 'content-type': 'application/json' })
    expect(JSON.stringify(fallback.seen)).not.toMatch(/of-the-caller|c=1|key-of-primary/)
  })

  it('ejects a whole group when one of it says so for all, and goes on with the others', async () => {
    const upstream = await startUpstream(refusing(402))
    const good = await startUpstream(answering('good'))
    const router = new Router()
    for (const name of ['g1', 'g2', 'g3'])
      router.addModel({ baseURL: upstream.baseURL }, { modelName: name, group: 'g', models: ['m'] })
    router.addFallbackModel({ baseURL: good.baseURL }, { modelName: 'other', models: ['m'] })
    expect(await textOf(await chat(router))).toBe('good as m')
    expect(await textOf(await chat(router))).toBe('good as m')
    expect(upstream.seen).toHaveLength(1)
  })
})

describe('limits', () => {
  it('overflows to the next tier at once when the first is full', async () => {
    const { router, primary } = await startPair(() => {})
    router.updateModel('primary', { maxConcurrent: 1 })
    const aborter = new AbortController()
    const stuck = chat(router, {}, { signal: aborter.signal }).catch((error) => error)
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1))
    expect(await textOf(await chat(router))).toBe('fallback as m')
    aborter.abort()
    await stuck
  })

  it('serves waiting calls first come, first served, and never exceeds the limit', async () => {
    let inFlight = 0
    let most = 0
    const upstream = await startUpstream(async (seen, response) => {
      most = Math.max(most, ++inFlight)
      await delay(1)
      inFlight -= 1
      await answering('u')(seen, response)
    })
    const router = new Router()
    router.addModel({ baseURL: upstream.baseURL }, { modelName: 'only', models: ['m'], maxConcurrent: 2 })
    await Promise.all(Array.from({ length: 20 }, async (_, i) => textOf(await chat(router, { user: String(i) }))))
    expect(most).toBe(2)
    const order = upstream.seen.map(({ body }) => Number(JSON.parse(body).user))
    expect(order.every((user, i) => Math.abs(user - i) <= 1)).toBe(true)
  })

  it('refuses a call when the line is full', async () => {
    const { router, primary } = await startPair(() => {}, { router: { queue: { maxLength: 1 } } })
    router.removeModel('fallback')
    router.updateModel('primary', { maxConcurrent: 1 })
    const aborter = new AbortController()
    const waiting = [0, 1].map(() => chat(router, {}, { signal: aborter.signal }).catch((error) => error.name))
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1))
    expect((await chat(router)).headers.get('x-multiplexer-error')).toBe('queue-full')
    aborter.abort()
    expect(await Promise.all(waiting)).toEqual(['AbortError', 'AbortError'])
    expect(router.getStats()).toMatchObject({ inFlight: 0, waiting: 0, members: { primary: { inFlight: 0 } } })
  })

  it('ends a call at its deadline and says so', async () => {
    const { router } = await startPair(() => {}, { router: { deadlineMs: 30 } })
    router.removeModel('fallback')
    const response = await chat(router)
    expect([response.status, (await response.json()).error.code]).toEqual([504, 'deadline-exceeded'])
  })

  it('refuses a body over the limit before anybody sees it', async () => {
    const { router, primary } = await startPair(answering('p'), { router: { maxBodyBytes: 100 } })
    const response = await chat(router, { padding: 'x'.repeat(100) })
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'request-too-large'])
    expect(primary.seen).toHaveLength(0)
  })
})

describe('streams', () => {
  it('holds the slot until the stream has ended', async () => {
    const { router } = await startPair(answering('primary'))
    const response = await chat(router, { stream: true })
    expect(router.getStats().members.primary).toMatchObject({ inFlight: 1, verdicts: {} })
    expect(await textOf(response)).toBe('primary as m')
    expect(router.getStats().members.primary).toMatchObject({ inFlight: 0, verdicts: { ok: 1 } })
    expect(attemptsOf(response)).toHaveLength(1)
  })

  const early: [string, Script][] = [
    ['a cut before any content', streaming([roleEvent], 'reset')],
    ['an end before any content', streaming([roleEvent])],
    ['an error as the first event', streaming([JSON.stringify({ error: { message: 'overloaded' } })])],
    ['an event that is not JSON', streaming(['{"choices":'])],
    ['headers, then silence', streaming([], 'silence')],
    ['role-only frames, then silence', streaming([roleEvent, roleEvent], 'silence')],
  ]
  it.each(early)('fails over freely after %s', async (_, script) => {
    const { router } = await startPair(script, { router: { timeouts: { firstContentMs: 50 } } })
    expect(await textOf(await chat(router, { stream: true }))).toBe('fallback as m')
  })

  it('returns a refusal of the request itself, sent as the first event, and asks nobody else', async () => {
    const refusal = JSON.stringify({ error: { message: 'flagged', code: 'content_policy_violation' } })
    const { router, fallback } = await startPair(streaming([refusal]))
    const response = await chat(router, { stream: true })
    expect([response.status, await response.text()]).toEqual([200, `data: ${refusal}\n\n`])
    expect(fallback.seen).toHaveLength(0)
    expect(router.getStats().members.primary?.verdicts).toEqual({ 'invalid-request': 1 })
  })

  const half = contentEvents('one two three')
  const late: [string, Script][] = [
    ['a cut', streaming(half, 'reset')],
    ['an end without finish_reason', streaming([...half, '[DONE]'])],
    ['a stall', streaming(half, 'silence')],
  ]
  it.each(late)(
    'reports %s after content with the text that came, and never glues another answer to it',
    async (_, script) => {
      const { router, fallback } = await startPair(script, { router: { timeouts: { idleMs: 50 } } })
      const response = await chat(router, { stream: true })
      const error = await response.text().catch((cause) => cause)
      expect(error).toMatchObject({
        name: 'StreamInterruptedError',
        code: 'stream-interrupted',
        member: 'primary',
        partialText: 'one two three',
      })
      expect(attemptsOf(error)).toMatchObject([{ member: 'primary', verdict: { kind: 'interrupted' } }])
      expect(fallback.seen).toHaveLength(0)
      expect(router.getStats()).toMatchObject({ inFlight: 0, outcomes: { 'stream-interrupted': 1 } })
    },
  )

  it.each(late)("makes %s good with the fallback's whole answer when the commit is 'complete'", async (_, script) => {
    const { router } = await startPair(script, { router: { commit: 'complete', timeouts: { idleMs: 50 } } })
    expect(await textOf(await chat(router, { stream: true }))).toBe('fallback as m')
  })

  it('reports an error event after content has been delivered', async () => {
    let open: (value?: unknown) => void = () => {}
    const gate = new Promise((resolve) => {
      open = resolve
    })
    const { router } = await startPair(streamingInTwo(half, gate, [JSON.stringify({ error: { message: 'gone' } })]))
    const response = await chat(router, { stream: true })
    open()
    await expect(response.text()).rejects.toMatchObject({ code: 'stream-interrupted', partialText: 'one two three' })
  })

  it('takes a finished answer without [DONE], and one without any content, as complete', async () => {
    const { router, primary } = await startPair(streaming([...half, finishEvent]))
    expect(await textOf(await chat(router, { stream: true }))).toBe('one two three')
    primary.script = streaming([roleEvent, finishEvent, '[DONE]'])
    expect(await textOf(await chat(router, { stream: true }))).toBe('')
    expect(router.getStats().members.primary?.verdicts).toEqual({ ok: 2 })
  })

  it('lets content through before the stream ends', async () => {
    const { router } = await startPair(streaming(half, 'silence'))
    const response = await chat(router, { stream: true })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toContain('one ')
    await reader?.cancel()
  })
})

describe('aborting', () => {
  const silent: [string, Script, object][] = [
    ['before the headers', () => {}, {}],
    ['in the middle of a stream', streaming(contentEvents('one two'), 'silence'), { stream: true }],
  ]
  it.each(silent)("closes the upstream's socket and frees the slot %s, without a penalty", async (_, script, body) => {
    const { router, primary, fallback } = await startPair(script)
    const aborter = new AbortController()
    const pending = chat(router, body, { signal: aborter.signal }).then((response) => response.text())
    pending.catch(() => {})
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1))
    await delay(10)
    aborter.abort(new Error('changed my mind'))
    await expect(pending).rejects.toThrow('changed my mind')
    await vi.waitFor(() => expect(primary.openRequests()).toBe(0), { interval: 5, timeout: 500 })
    expect(router.getStats()).toMatchObject({ inFlight: 0, outcomes: { cancelled: 1 } })
    expect(router.getStats().members.primary).toMatchObject({
      inFlight: 0,
      breaker: 'closed',
      verdicts: { cancelled: 1 },
    })
    expect(fallback.seen).toHaveLength(0)
  })

  it('counts a consumer who walks away as cancelled and closes the socket', async () => {
    const { router, primary } = await startPair(streaming(contentEvents('one two'), 'silence'))
    const response = await chat(router, { stream: true })
    await response.body?.cancel()
    await vi.waitFor(() => expect(primary.openRequests()).toBe(0), { interval: 5, timeout: 500 })
    expect(router.getStats().members.primary).toMatchObject({ inFlight: 0, verdicts: { cancelled: 1 } })
  })

  it('ends everything in flight on reset', async () => {
    const { router, primary } = await startPair(() => {})
    const pending = chat(router).catch((error) => error)
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1))
    await router.reset()
    expect(await pending).toMatchObject({ name: 'AbortError' })
    expect(router.getStats()).toMatchObject({ inFlight: 0, members: {} })
  })
})

describe('events and bounds of the API', () => {
  it('tells what happened, and survives listeners that throw', async () => {
    const { router } = await startPair(refusing(429, undefined, { 'retry-after': '5' }), {
      router: { now: () => 1_000 },
    })
    const told: unknown[] = []
    for (const name of ['attempt', 'failover', 'cooldown', 'completed'] as const) {
      router.on(name, (event) => {
        told.push([name, { ...event, verdict: 'verdict' in event ? event.verdict.kind : undefined }])
        throw new Error('a bad listener')
      })
    }
    await chat(router)
    expect(told).toEqual([
      ['attempt', { member: 'primary', verdict: 'rate-limited', status: 429, ms: 0 }],
      ['cooldown', { member: 'primary', verdict: 'rate-limited', untilMs: 6_000 }],
      ['failover', { member: 'primary', verdict: 'rate-limited' }],
      ['attempt', { member: 'fallback', verdict: 'ok', status: 200, ms: 0 }],
      ['completed', { member: 'fallback', attempts: 2, ms: 0, outcome: 'ok', verdict: undefined }],
    ])
  })

  it('passes paths it does not know to one member, without failover', async () => {
    const { router, fallback } = await startPair(refusing(500, { error: 'own text' }))
    const response = await router.fetch('/v1/images/generations', { method: 'POST', body: '{"prompt":"x"}' })
    expect([response.status, await response.json()]).toEqual([500, { error: 'own text' }])
    expect(fallback.seen).toHaveLength(0)
  })

  it('refuses stored objects, which only their own upstream has', async () => {
    const { router, primary } = await startPair(answering('p'))
    const response = await router.fetch('/v1/responses/resp_123')
    expect([response.status, (await response.json()).error.code]).toEqual([400, 'request-unsupported'])
    expect(primary.seen).toHaveLength(0)
  })

  it.each([
    ['an empty name', { modelName: '' }, 'modelName'],
    ['a negative weight', { modelName: 'a', weight: -1 }, 'weight'],
    ['an infinite weight', { modelName: 'a', weight: Number.POSITIVE_INFINITY }, 'weight'],
    ['no slots at all', { modelName: 'a', maxConcurrent: 0 }, 'maxConcurrent'],
    ['half a tier', { modelName: 'a', tier: 0.5 }, 'tier'],
    ['a name that is taken', { modelName: 'taken' }, 'taken'],
  ])('refuses a member with %s', (_, options, named) => {
    const router = new Router()
    router.addModel({ baseURL: 'http://a.example/v1' }, { modelName: 'taken' })
    expect(() => router.addModel({ baseURL: 'http://a.example/v1' }, options)).toThrow(named)
  })

  it.each(['ftp://a.example', 'nonsense', 'http://user:secret@a.example/v1', 'http://a.example/v1?key=secret'])(
    'refuses the base URL %s without repeating it',
    (baseURL) => {
      expect(() => new Router().addModel({ baseURL }, { modelName: 'a' })).toThrow(/baseURL must be(?!.*secret)/)
    },
  )

  it('throws only the reason of the caller and its own errors', () => {
    expect(isMultiplexerError(new Error('x'))).toBe(false)
    expect(() => new Router({ deadlineMs: 0 })).toThrow('deadlineMs')
    expect(() => new Router({ timeouts: { idleMs: -1 } })).toThrow('timeouts.idleMs')
  })
})
