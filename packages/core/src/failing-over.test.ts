import { describe, expect, it, vi } from 'vitest'
import { chat, startPair, textOf } from './fixtures/start-pair.ts'
import { refusing, resetting, type Script } from './fixtures/upstream.ts'
import { attemptsOf, type Classify, createVerdict, Router } from './index-router.ts'

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
