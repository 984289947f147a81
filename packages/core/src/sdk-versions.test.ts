import OpenAI, { type ClientOptions } from 'openai'
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
} from './fixtures/upstream.ts'
import { attemptsOf, Router } from './index-router.ts'

/** The versions differ in types that no test looks at; what is called is the same in all. */
type Sdk = typeof OpenAI

const NODE_MAJOR = Number(process.versions.node.split('.')[0])

const VERSIONS: readonly { version: number; minNode: number; load: () => Promise<Sdk> }[] = [
  { version: 5, minNode: 20, load: async () => (await import('openai5')).default as unknown as Sdk },
  { version: 6, minNode: 20, load: async () => OpenAI },
  { version: 7, minNode: 22, load: async () => (await import('openai7')).default as unknown as Sdk },
]

const messages = [{ role: 'user' as const, content: 'Hello' }]

describe.each(VERSIONS)('openai $version', ({ minNode, load }) => {
  describe.runIf(NODE_MAJOR >= minNode)('as a member', () => {
    async function startMember(script: Script, options: ClientOptions = {}) {
      const upstream = await startUpstream(script)
      const client = new (await load())({ baseURL: upstream.baseURL, apiKey: 'key-of-member', ...options })
      const router = new Router({ retry: { maxAttempts: 1 } })
      router.addModel(client, { modelName: 'member', models: ['m'] })
      return { router, upstream }
    }

    it('sends the bytes as they came', async () => {
      const { router, upstream } = await startMember(answering('a'))
      const body = `{ "messages":[ {"role":"user","content":"é\\u00e9 🦁"} ],\n\t"model" : "m", "seed": 1.0e2 }`
      const response = await post(router, body)
      expect((await response.json()).choices[0].message.content).toBe('a as m')
      expect(upstream.seen).toMatchObject([{ method: 'POST', path: '/v1/chat/completions', body }])
    })

    it('sends its own key and headers, and none of the caller', async () => {
      const { router, upstream } = await startMember(answering('a'), { defaultHeaders: { 'x-team': 'lions' } })
      await post(router, '{"model":"m"}', { headers: { authorization: 'Bearer key-of-caller', 'x-trace': 't-1' } })
      expect(upstream.seen[0]?.headers).toMatchObject({
        authorization: 'Bearer key-of-member',
        'x-team': 'lions',
        'x-trace': 't-1',
        'content-type': 'application/json',
      })
    })

    it('passes a refusal on with its status, headers and body', async () => {
      const refusal = { error: { message: 'too few', type: 'invalid_request_error', code: 'bad', param: 'messages' } }
      const { router } = await startMember(refusing(400, refusal, { 'x-request-id': 'r-1' }))
      const response = await post(router, '{"model":"m"}')
      expect([response.status, response.headers.get('x-request-id'), await response.json()]).toEqual([
        400,
        'r-1',
        refusal,
      ])
    })

    it('passes a stream on byte for byte', async () => {
      const raw = `: hi\n\ndata:${roleEvent}\r\n\r\nid: 7\ndata: ${contentEvents('one')[0]}\n\ndata: ${finishEvent}\n\ndata: [DONE]\n\n`
      const { router } = await startMember((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(raw)
      })
      const response = await post(router, '{"model":"m","stream":true}')
      expect(await response.text()).toBe(raw)
      expect(attemptsOf(response)).toMatchObject([{ verdict: { kind: 'ok' } }])
    })

    it('closes its socket when the caller aborts', async () => {
      const { router, upstream } = await startMember(streaming(contentEvents('one two'), 'silence'))
      for (const stream of [false, true]) {
        const aborter = new AbortController()
        const pending = post(router, JSON.stringify({ model: 'm', stream }), { signal: aborter.signal })
        const reading = pending.then((response) => response.text()).catch((error) => error)
        await vi.waitFor(() => expect(upstream.openRequests()).toBe(1), { timeout: 10_000, interval: 2 })
        aborter.abort()
        expect(await reading).toBe(aborter.signal.reason)
        await vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { timeout: 10_000, interval: 2 })
      }
    })

    it.each([{}, { maxRetries: 5 }])(
      'makes one request per attempt when it is rate limited, given %j',
      async (options) => {
        const { router, upstream } = await startMember(refusing(429, undefined, { 'retry-after': '120' }), options)
        const response = await post(router, '{"model":"m"}')
        expect([response.status, response.headers.get('retry-after')]).toEqual([429, '120'])
        expect(upstream.seen).toHaveLength(1)
      },
    )

    it.each<[string, Script]>([
      ['a reset', resetting],
      ['a 503', refusing(503, '<html>busy</html>', { 'content-type': 'text/html' })],
      ['a rate limit', refusing(429, undefined, { 'retry-after': '120' })],
    ])('hands over to the next member after %s, without retries of its own', async (_, script) => {
      const Client = await load()
      const failing = await startUpstream(script)
      const { baseURL } = await startUpstream(answering('next'))
      const router = new Router({ retry: { sameMember: 0 } })
      const options = { apiKey: 'k', maxRetries: 5 }
      router.addModel(new Client({ ...options, baseURL: failing.baseURL }), { modelName: 'a', models: ['m'] })
      router.addFallbackModel(new Client({ ...options, baseURL }), { modelName: 'b', models: ['m'] })
      const response = await post(router, '{"model":"m"}')
      expect((await response.json()).choices[0].message.content).toBe('next as m')
      expect(failing.seen).toHaveLength(1)
    })

    it('is asked for its models', async () => {
      const upstream = await startUpstream(refusing(200, { object: 'list', data: [{ id: 'n' }] }))
      const router = new Router()
      router.addModel(new (await load())({ baseURL: upstream.baseURL, apiKey: 'k' }), { modelName: 'member' })
      const { data } = await (await router.fetch('/v1/models')).json()
      expect([data, upstream.seen]).toMatchObject([[{ id: 'n' }], [{ method: 'GET', path: '/v1/models' }]])
    })
  })

  describe.runIf(NODE_MAJOR >= minNode)('as the client of a router', () => {
    async function startClient(script: Script) {
      const upstream = await startUpstream(script)
      const router = new Router({ retry: { sameMember: 0 } })
      router.addModel({ baseURL: upstream.baseURL, apiKey: 'key-of-member' }, { modelName: 'first', models: ['m'] })
      const Client = await load()
      const client = new Client({
        fetch: router.fetch,
        apiKey: 'x',
        baseURL: 'http://router.invalid/v1',
        maxRetries: 0,
      })
      return { Client, client, router, upstream }
    }

    it('creates a completion and knows who answered', async () => {
      const { client, upstream } = await startClient(answering('a'))
      const { data, response } = await client.chat.completions.create({ model: 'm', messages }).withResponse()
      expect([data.choices[0]?.message.content, attemptsOf(response)]).toMatchObject(['a as m', [{ member: 'first' }]])
      expect(upstream.seen[0]?.headers.authorization).toBe('Bearer key-of-member')
    })

    it('streams, also after failing over', async () => {
      const { client, router } = await startClient(refusing(500))
      const { baseURL } = await startUpstream(answering('b'))
      router.addFallbackModel({ baseURL }, { modelName: 'second', models: ['m'] })
      let text = ''
      for await (const chunk of await client.chat.completions.create({ model: 'm', messages, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? ''
      }
      expect(text).toBe('b as m')
      expect(await client.chat.completions.stream({ model: 'm', messages }).finalContent()).toBe('b as m')
    })

    it('throws its own error for a refusal', async () => {
      const { Client, client } = await startClient(refusing(400, { error: { message: 'too few', code: 'bad' } }))
      const error = await client.chat.completions.create({ model: 'm', messages }).catch((cause) => cause)
      expect(error).toBeInstanceOf(Client.BadRequestError)
      expect(error).toMatchObject({ status: 400, code: 'bad' })
    })

    it('throws the error of a stream that breaks off', async () => {
      const { client } = await startClient(streaming(contentEvents('one two'), 'reset'))
      let text = ''
      const read = async (): Promise<void> => {
        for await (const chunk of await client.chat.completions.create({ model: 'm', messages, stream: true })) {
          text += chunk.choices[0]?.delta.content ?? ''
        }
      }
      expect(await read().catch(({ name, partialText }) => [name, partialText])).toEqual([
        'StreamInterruptedError',
        'one two',
      ])
      expect(text).toBe('one two')
    })

    it("aborts the upstream with the caller's signal", async () => {
      const { Client, client, upstream } = await startClient(() => {})
      const aborter = new AbortController()
      const pending = client.chat.completions.create({ model: 'm', messages }, { signal: aborter.signal })
      const failure = pending.catch((cause) => cause)
      await vi.waitFor(() => expect(upstream.openRequests()).toBe(1), { timeout: 10_000, interval: 2 })
      aborter.abort()
      expect(await failure).toBeInstanceOf(Client.APIUserAbortError)
      await vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { timeout: 10_000, interval: 2 })
    })
  })
})

function post(router: Router, body: string, init: RequestInit = {}): Promise<Response> {
  return router.fetch('http://router.invalid/v1/chat/completions', { method: 'POST', body, ...init })
}
