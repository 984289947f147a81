import { describe, expect, it } from 'vitest'
import { Router } from '../index-router.ts'

const completion = {
  id: 'c',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
}

function routerOf(
  create: (body: Record<string, unknown>, options: { signal: AbortSignal }) => Promise<unknown>,
): Router {
  const router = new Router({ retry: { sameMember: 0 } })
  router.addModel({ chat: { completions: { create } } }, { modelName: 'wrapped', models: ['m'] })
  return router
}

function chat(router: Router, body: object = {}, init: RequestInit = {}): Promise<Response> {
  return router.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'm', ...body }),
    ...init,
  })
}

describe('a member with nothing but chat.completions.create', () => {
  it('answers with objects', async () => {
    const bodies: unknown[] = []
    const router = routerOf(async (body) => {
      bodies.push(body)
      return completion
    })
    expect(await (await chat(router, { temperature: 1 })).json()).toEqual(completion)
    expect(bodies).toEqual([{ model: 'm', temperature: 1 }])
  })

  it('streams chunks, and is told when the reader walks away', async () => {
    let returned = false
    const router = routerOf(async () =>
      (async function* () {
        try {
          for (const content of ['a', 'b', 'c']) yield { choices: [{ index: 0, delta: { content } }] }
          yield { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
        } finally {
          returned = true
        }
      })(),
    )
    const text = await (await chat(router, { stream: true })).text()
    expect(text.match(/"content":"."/g)).toHaveLength(3)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    returned = false
    await (await chat(router, { stream: true })).body?.cancel()
    expect(returned).toBe(true)
  })

  it('fails over by the status of its errors, and hands a refusal on', async () => {
    const refusal = Object.assign(new Error('no'), { status: 400, error: { message: 'too few', code: 'bad' } })
    const refused = await chat(routerOf(() => Promise.reject(refusal)))
    expect([refused.status, await refused.json()]).toEqual([400, { error: { message: 'too few', code: 'bad' } }])
    const router = routerOf(() => Promise.reject(Object.assign(new Error('later'), { status: 429 })))
    router.addFallbackModel(async () => Response.json(completion), { modelName: 'fallback', models: ['m'] })
    expect((await chat(router)).headers.get('x-multiplexer-model')).toBe('fallback')
  })

  it('passes on the abort, and is not asked for other paths', async () => {
    const aborter = new AbortController()
    const router = routerOf(
      (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const pending = chat(router, {}, { signal: aborter.signal })
    aborter.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
    const response = await router.fetch('/v1/embeddings', { method: 'POST', body: '{"model":"m","input":"x"}' })
    expect((await response.json()).error.code).toBe('model-unknown')
  })
})
