import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { startPair } from './fixtures/start-pair.ts'
import { answering, refusing, type Script, startUpstream } from './fixtures/upstream.ts'
import { Router } from './index-router.ts'

async function startRouter(script: Script) {
  const upstream = await startUpstream(script)
  const router = new Router({ retry: { sameMember: 0, maxRetryAfterMs: 0 } })
  router.addModel(
    { baseURL: upstream.baseURL },
    { modelName: 'only', models: ['m'], aliases: { picture: 'own-picture' } },
  )
  return { router, upstream }
}

const post = (model: string) => ({ method: 'POST', body: JSON.stringify({ model }) })

/** Answers chats, and refuses everything else. */
const chatsOnly: Script = (seen, response) =>
  (seen.path === '/v1/chat/completions' ? answering('u') : refusing(404))(seen, response)

it.each([
  ['a model that is asked about', '/v1/models/unknown', {}],
  ['a file', '/v1/files/file-1', {}],
  ['pictures', '/v1/images/generations', post('m')],
  ['the Responses API', '/v1/responses', post('m')],
  ['embeddings', '/v1/embeddings', post('m')],
])('loses no chat model because an upstream does not have %s', async (_, path, init) => {
  const { router } = await startRouter(chatsOnly)
  expect((await router.fetch(path, init)).status).toBe(404)
  expect((await router.fetch('/v1/chat/completions', post('m'))).status).toBe(200)
})

it('gives the same refusal each time when a path that it does not know has nothing', async () => {
  const { router } = await startRouter(chatsOnly)
  const statuses = [await router.fetch('/v1/models/unknown'), await router.fetch('/v1/models/unknown')]
  expect(statuses.map(({ status }) => status)).toEqual([404, 404])
})

it('sends the upstream its own model id on every path, and adds none where none was named', async () => {
  const { router, upstream } = await startRouter((_, response) => void response.end('{}'))
  await router.fetch('/v1/images/generations', post('picture'))
  await router.fetch('/v1/moderations', { method: 'POST', body: '{"input":"x"}' })
  expect(upstream.seen.map(({ body }) => body)).toEqual(['{"model":"own-picture"}', '{"input":"x"}'])
})

it('passes on the operations of the Responses API that ask for no stored object', async () => {
  const { router, upstream } = await startRouter((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"input_tokens":7}')
  })
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://mux.invalid/v1', fetch: router.fetch, maxRetries: 0 })
  expect((await client.responses.inputTokens.count({ model: 'm', input: 'x' })).input_tokens).toBe(7)
  expect(upstream.seen[0]?.path).toBe('/v1/responses/input_tokens')
})

describe('a request that cannot be sent, or is no question to a model', () => {
  it.each([
    ['GET with a body', '/v1/files', { body: 'x' }],
    ['a method that fetch forbids', '/v1/files', { method: 'TRACE' }],
    ['a method that HTTP does not know', '/v1/files', { method: 'a b' }],
    ['HEAD of chats', '/v1/chat/completions', { method: 'HEAD' }],
    ['OPTIONS of chats', '/v1/chat/completions', { method: 'OPTIONS' }],
    ['PUT of embeddings', '/v1/embeddings', { ...post('m'), method: 'PUT' }],
    ['GET of responses', '/v1/responses', {}],
    ['a stored response', '/v1/responses/resp_1', {}],
    ['the end of a stored response', '/v1/responses/resp_1/cancel', post('m')],
  ])('is refused and held against nobody: %s', async (_, path, init) => {
    const { router, upstream } = await startRouter(answering('u'))
    const response = await router.fetch(path, init)
    expect([response.status, response.headers.get('x-multiplexer-error')]).toEqual([400, 'request-unsupported'])
    expect(upstream.seen).toHaveLength(0)
    expect(router.getStats().members.only?.verdicts).toEqual({})
  })
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

it.each(['previous_response_id', 'conversation'])(
  'forgets no model when a member does not have what %s names',
  async (field) => {
    const { router, fallback } = await startPair(refusing(404, { error: { message: 'resp_1 not found' } }))
    const ask = (body: object) =>
      router.fetch('/v1/responses', { method: 'POST', body: JSON.stringify({ model: 'm', input: 'x', ...body }) })
    const missed = await ask({ [field]: 'resp_1' })
    expect([missed.status, await missed.json()]).toEqual([404, { error: { message: 'resp_1 not found' } }])
    expect(fallback.seen).toHaveLength(0)
    expect(router.getStats().members.primary?.verdicts).toEqual({ 'invalid-request': 1 })
    expect((await ask({ [field]: null })).status).toBe(200)
    expect(router.getStats().members.primary?.verdicts).toEqual({ 'invalid-request': 1, 'model-missing': 1 })
  },
)

it('takes a whole answer at a path without streams, though one was asked for', async () => {
  const router = new Router()
  router.addModel(async () => Response.json({ data: [] }), { modelName: 'only' })
  const body = JSON.stringify({ model: 'only', input: 'x', stream: true })
  expect((await router.fetch('/v1/embeddings', { method: 'POST', body })).status).toBe(200)
})
