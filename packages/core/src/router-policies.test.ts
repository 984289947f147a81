import { describe, expect, it, vi } from 'vitest'
import { Router, type RouterOptions } from './index-router.ts'

const answer = (): Response => Response.json({ choices: [], usage: { total_tokens: 40 } })

function chat(router: Router, headers: Record<string, string> = {}): Promise<Response> {
  return router.fetch('/v1/chat/completions', { method: 'POST', headers, body: '{"model":"m","max_tokens":20}' })
}

function memberOf(response: Response): string | null {
  return response.headers.get('x-multiplexer-model')
}

function startRouter(options: RouterOptions, ...names: string[]): { router: Router; headers: Headers[] } {
  const headers: Headers[] = []
  const router = new Router(options)
  for (const modelName of names) {
    const transport = async (request: { headers: Headers }): Promise<Response> => {
      headers.push(request.headers)
      return answer()
    }
    router.addModel(transport, { modelName, models: ['m'] })
  }
  return { router, headers }
}

describe('affinity', () => {
  it('keeps a conversation on one member while that is there, and hides the key from upstreams', async () => {
    const { router, headers } = startRouter({}, 'a', 'b', 'c', 'd')
    const ask = async (key: string) => memberOf(await chat(router, { 'x-multiplexer-affinity': key }))
    const owners = new Set(await Promise.all(Array.from({ length: 20 }, () => ask('conversation-1'))))
    expect(owners.size).toBe(1)
    const [owner = ''] = owners
    router.removeModel(owner ?? '')
    const next = await ask('conversation-1')
    expect(next).not.toBe(owner)
    expect(await ask('conversation-1')).toBe(next)
    expect(headers.some((one) => one.has('x-multiplexer-affinity'))).toBe(false)
  })

  it('moves a conversation within the call when its member fails', async () => {
    const { router } = startRouter({ retry: { sameMember: 0 } }, 'a', 'b')
    const key = { 'x-multiplexer-affinity': 'k' }
    const owner = memberOf(await chat(router, key)) ?? ''
    router.updateModel(owner, { source: async () => new Response('{}', { status: 500 }) })
    expect(memberOf(await chat(router, key))).not.toBe(owner)
  })
})

describe('budgets per minute', () => {
  it('sends no more requests than rpm allows, overflows, and waits for the window', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    try {
      const { router } = startRouter({}, 'a')
      router.updateModel('a', { rpm: 2 })
      await chat(router)
      await chat(router)
      let done = false
      const third = chat(router).then(() => {
        done = true
      })
      await vi.advanceTimersByTimeAsync(59_000)
      expect(done).toBe(false)
      router.addFallbackModel(async () => answer(), { modelName: 'fallback', models: ['m'] })
      await third
      expect(router.getStats().members.fallback?.attempts).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts tokens as estimated, then as used', async () => {
    const { router } = startRouter({ now: () => 0, retry: { maxRetryAfterMs: 0 } }, 'a')
    // The body has 29 bytes and allows 20 tokens: 28 estimated, 40 used.
    router.updateModel('a', { tpm: 100 })
    expect((await chat(router)).status).toBe(200)
    expect((await chat(router)).status).toBe(200)
    expect((await chat(router)).headers.get('x-multiplexer-error')).toBe('all-models-failed')
  })

  it.each(['max_tokens', 'max_completion_tokens', 'max_output_tokens'])('estimates by %s', async (field) => {
    const router = new Router({ now: () => 0, retry: { maxRetryAfterMs: 0 } })
    router.addModel(async () => new Response('{}'), { modelName: 'a', tpm: 1_000 })
    const request = { method: 'POST', body: JSON.stringify({ model: 'a', [field]: 900 }) }
    const statuses = []
    for (let i = 0; i < 2; i++) statuses.push((await router.fetch('/v1/responses', request)).status)
    expect(statuses).toEqual([200, 503])
  })

  it('keeps to its estimate when an upstream says that it used no number of tokens', async () => {
    const router = new Router({ now: () => 0, retry: { maxRetryAfterMs: 0 } })
    router.addModel(async () => new Response('{"usage":{"total_tokens":1e999}}'), { modelName: 'a', tpm: 1_000 })
    const request = { method: 'POST', body: JSON.stringify({ model: 'a', max_tokens: 900 }) }
    const statuses = []
    for (let i = 0; i < 2; i++) statuses.push((await router.fetch('/v1/chat/completions', request)).status)
    expect(statuses).toEqual([200, 503])
  })
})

describe('priority', () => {
  it('lets urgent calls go first when all wait, and is hidden from upstreams', async () => {
    const order: string[] = []
    let open: (() => void) | undefined
    const router = new Router()
    const transport = async ({ headers }: { headers: Headers }): Promise<Response> => {
      order.push(headers.get('x-name') ?? '')
      expect(headers.has('x-multiplexer-priority')).toBe(false)
      if (!open) await new Promise<void>((resolve) => (open = resolve))
      return answer()
    }
    router.addModel(transport, { modelName: 'a', models: ['m'], maxConcurrent: 1 })
    const calls = [
      ['first', '0'],
      ['later', '0'],
      ['idle', '-1'],
      ['urgent', '5'],
      ['urgent-2', '5'],
    ].map(([name = '', priority = '']) => chat(router, { 'x-name': name, 'x-multiplexer-priority': priority }))
    await vi.waitFor(() => expect(router.getStats().waiting).toBe(4), { timeout: 15_000 })
    open?.()
    await Promise.all(calls)
    expect(order).toEqual(['first', 'urgent', 'urgent-2', 'later', 'idle'])
  })
})

describe('a deadline', () => {
  it('leaves room for the fallback when the first member is silent', async () => {
    const router = new Router({ deadlineMs: 400 })
    router.addModel(() => new Promise<Response>(() => {}), { modelName: 'silent', models: ['m'] })
    router.addFallbackModel(async () => answer(), { modelName: 'fallback', models: ['m'] })
    expect(memberOf(await chat(router))).toBe('fallback')
  })

  it('gives the only member all of it', async () => {
    const router = new Router({ deadlineMs: 400 })
    const slow = (): Promise<Response> => new Promise((resolve) => setTimeout(() => resolve(answer()), 250))
    router.addModel(slow, { modelName: 'slow', models: ['m'] })
    expect(memberOf(await chat(router))).toBe('slow')
  })
})

describe('the budget of retries', () => {
  it('keeps calls from multiplying the load on members that all fail', async () => {
    let attempts = 0
    const router = new Router({
      health: { failureThreshold: 1_000 },
      retry: { sameMember: 5, backoffMs: 0, budget: { ratio: 0.1, minPerSecond: 0 } },
    })
    const failing = async (): Promise<Response> => {
      attempts += 1
      return new Response('{}', { status: 500 })
    }
    router.addModel(failing, { modelName: 'a', models: ['m'] })
    for (let i = 0; i < 100; i++) await chat(router)
    expect(attempts).toBeGreaterThanOrEqual(105)
    expect(attempts).toBeLessThanOrEqual(111)
  })
})

it('says how fast each member is', async () => {
  let nowMs = 0
  const router = new Router({ now: () => nowMs })
  const transport = async (): Promise<Response> => {
    nowMs += 20
    return answer()
  }
  router.addModel(transport, { modelName: 'a', models: ['m'] })
  expect(router.getStats().members.a).toMatchObject({ latencyMs: { p50: undefined } })
  for (let i = 0; i < 10; i++) await chat(router)
  expect(router.getStats().members.a).toMatchObject({
    latencyMs: { p50: 20, p95: 20 },
    firstContentMs: { p50: 20, p95: 20 },
  })
})

describe('changing members while calls run', () => {
  it('takes what is undefined as unchanged, and gives a new source a clean slate', async () => {
    const router = new Router({ retry: { sameMember: 0 } })
    router.addFallbackModel(async () => new Response('{}', { status: 401 }), {
      modelName: 'a',
      models: ['m'],
      weight: 3,
    })
    await chat(router)
    router.updateModel('a', { tier: undefined, weight: undefined, maxConcurrent: 2 })
    expect(router.getStats().members.a).toMatchObject({ tier: 1, weight: 3, breaker: 'open' })
    router.updateModel('a', { source: async () => answer() })
    expect((await chat(router)).status).toBe(200)
  })

  it('keeps the trail of a call whose members go while it runs', async () => {
    const router = new Router()
    const failing = async (): Promise<Response> => {
      router.removeModel('a')
      return new Response('{}', { status: 500, headers: { 'x-own': 'yes' } })
    }
    router.addModel(failing, { modelName: 'a', models: ['m'] })
    const response = await chat(router)
    expect([response.status, response.headers.get('x-own')]).toEqual([500, 'yes'])
  })
})
