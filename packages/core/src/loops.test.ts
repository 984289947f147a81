import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { expect, it, onTestFinished } from 'vitest'
import { chat } from './fixtures/start-pair.ts'
import { Multiplexer } from './index.ts'
import { Router, type UpstreamSource } from './index-router.ts'

/** Puts a router behind a real server; nothing of a request is kept but its headers and its body. */
async function serve(router: Router): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
    const answer = await router.fetch(request.url ?? '', { method: 'POST', headers, body: Buffer.concat(chunks) })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const sources: [string, (mux: Multiplexer) => UpstreamSource | Promise<UpstreamSource>][] = [
  ['its own fetch', ({ fetch }) => ({ baseURL: 'https://self.example/v1', fetch })],
  [
    'a function',
    ({ fetch }) =>
      ({ path, ...request }) =>
        fetch(`/v1${path}`, request as RequestInit),
  ],
  ['an SDK over its fetch', ({ fetch }) => new OpenAI({ baseURL: 'https://self.example/v1', apiKey: 'k', fetch })],
  ['itself', (mux) => mux],
  ['a server in front of it', async ({ router }) => ({ baseURL: await serve(router) })],
  [
    'another router whose member it is',
    ({ fetch }) => {
      const other = new Router()
      other.addModel({ baseURL: 'https://first.example/v1', fetch }, { modelName: 'first' })
      return { baseURL: 'https://other.example/v1', fetch: other.fetch }
    },
  ],
]
it.each(sources)('ends a call that comes back for ever, and says why: %s', async (_, createSource) => {
  const mux = new Multiplexer()
  mux.addModel(await createSource(mux), { modelName: 'self' })
  const response = await chat(mux.router, { model: 'auto' })
  expect(response.status).toBe(400)
  expect((await response.json()).error).toMatchObject({ message: expect.stringContaining('a member of itself') })
  expect(mux.getStats()).toMatchObject({ inFlight: 0, members: { self: { verdicts: {} } } })
})

it('hears from a multiplexer that is its member when to come back', async () => {
  const inner = new Multiplexer({ retry: { sameMember: 0, maxRetryAfterMs: 0 } })
  for (const modelName of ['a', 'b']) {
    inner.addModel(async () => new Response('{}', { status: 429, headers: { 'retry-after': '30' } }), { modelName })
  }
  const outer = new Router({ retry: { maxRetryAfterMs: 0 } })
  outer.addModel(inner, { modelName: 'inner' })
  const response = await chat(outer, { model: 'auto' })
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30'])
  expect(outer.getStats().members.inner?.verdicts).toEqual({ 'rate-limited': 1 })
})
