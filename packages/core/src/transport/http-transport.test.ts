import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { answering, refusing, startUpstream } from '../fixtures/upstream.ts'
import type { HttpUpstream, UpstreamRequest } from '../types.ts'
import { createHttpTransport } from './http-transport.ts'

const BODY = '{ "model":"m", "text":"Grüße 😀" }'

function request(fields: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    path: '/chat/completions',
    method: 'POST',
    headers: new Headers({ 'x-own': 'caller', 'content-type': 'application/json' }),
    body: new TextEncoder().encode(BODY),
    signal: new AbortController().signal,
    ...fields,
  }
}

describe('a described upstream', () => {
  it('gets path, query, method, headers and the very bytes, with its own credentials', async () => {
    const upstream = await startUpstream(answering('a'))
    const transport = createHttpTransport({ baseURL: upstream.baseURL, apiKey: 'key', headers: { 'x-team': 'red' } })
    const response = await transport(request({ path: '/chat/completions?a=1&b=%20' }))
    expect((await response.json()).id).toBe('a')
    expect(upstream.seen).toMatchObject([
      {
        method: 'POST',
        path: '/v1/chat/completions?a=1&b=%20',
        body: BODY,
        headers: {
          authorization: 'Bearer key',
          'x-own': 'caller',
          'x-team': 'red',
          'content-type': 'application/json',
        },
      },
    ])
  })

  it('gets requests without a body, and other methods', async () => {
    const upstream = await startUpstream(refusing(200, { object: 'list' }))
    const transport = createHttpTransport({ baseURL: upstream.baseURL })
    for (const method of ['GET', 'DELETE']) await transport(request({ method, body: undefined, path: '/models' }))
    expect(upstream.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['GET', '/v1/models', ''],
      ['DELETE', '/v1/models', ''],
    ])
    expect(upstream.seen[0]?.headers).not.toHaveProperty('authorization')
  })

  it('answers with whatever it says: a refusal is no exception', async () => {
    const upstream = await startUpstream(refusing(503, 'busy', { 'retry-after': '2' }))
    const response = await createHttpTransport(upstream)(request())
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([503, '2', 'busy'])
  })

  it('is not left for where a redirect points', async () => {
    const elsewhere = await startUpstream(answering('elsewhere'))
    const upstream = await startUpstream(refusing(307, '', { location: `${elsewhere.baseURL}/chat/completions` }))
    const response = await createHttpTransport({ baseURL: upstream.baseURL, apiKey: 'key' })(request())
    expect([response.status, elsewhere.seen.length]).toEqual([307, 0])
  })

  it('is asked through the given fetch', async () => {
    const urls: unknown[] = []
    const fetch: HttpUpstream['fetch'] = async (url, init) => {
      urls.push(url, init?.redirect, init?.signal)
      return new Response('own')
    }
    const one = request()
    const response = await createHttpTransport({ baseURL: 'https://a.example', fetch })(one)
    expect([await response.text(), ...urls]).toEqual([
      'own',
      'https://a.example/chat/completions',
      'manual',
      one.signal,
    ])
  })

  it('rejects when nobody listens, and when the caller aborts', async () => {
    const transport = createHttpTransport({ baseURL: 'http://127.0.0.1:1/v1', fetch: undefined })
    await expect(transport(request())).rejects.toThrow()
    await expect(transport(request({ signal: AbortSignal.abort(new Error('enough')) }))).rejects.toThrow('enough')
  })
})

describe('the base URL', () => {
  it.each([
    'https://a.example/v1',
    'https://a.example/v1///',
    'https://a.example/v1?',
    'https://a.example/v1#',
    'https://a.example/v1/?#',
  ])('%s is what the path is appended to', async (baseURL) => {
    const transport = createHttpTransport({ baseURL, fetch: async (url) => new Response(String(url)) })
    expect(await (await transport(request())).text()).toBe('https://a.example/v1/chat/completions')
  })

  const SECRET = 'hunter2'
  it.each([
    `https://user:${SECRET}@a.example/v1`,
    `https://${SECRET}@a.example/v1`,
    `https://a.example/v1?key=${SECRET}`,
    `https://a.example/v1#${SECRET}`,
    `ftp://${SECRET}.example/v1`,
    `file:///${SECRET}`,
    `${SECRET}.example/v1`,
    '',
  ])('%s is refused, and not repeated', (baseURL) => {
    const error = thrownBy(() => createHttpTransport({ baseURL }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe('baseURL must be an http or https URL without credentials, query and fragment.')
    expect(inspect(error)).not.toContain(SECRET)
  })
})

describe('a header that HTTP does not allow', () => {
  const SECRET = 'hunter2'
  it.each<[string, Partial<HttpUpstream>]>([
    ['apiKey', { apiKey: `${SECRET}\nx` }],
    ['apiKey', { apiKey: `“${SECRET}”` }],
    ['headers["x-key"]', { headers: { 'x-key': `${SECRET}\0` } }],
    ['headers["x key"]', { headers: { 'x key': SECRET } }],
  ])('is refused when the member is made: %s, and its value not repeated', (name, options) => {
    const error = thrownBy(() => createHttpTransport({ baseURL: 'https://a.example', ...options }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain(name)
    expect(inspect(error)).not.toContain(SECRET)
  })
})

function thrownBy(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
