import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import {
  answering,
  contentEvents,
  finishEvent,
  refusing,
  resetting,
  type Script,
  startUpstream,
  streaming,
} from '../fixtures/upstream.ts'
import type { UpstreamRequest } from '../types.ts'
import { createOpenAITransport } from './openai-transport.ts'

const BODY = '{ "model" : "m",\n"messages":[{"role":"user","content":"Grüße 😀 \\u00fc"}] }'

async function startClient(script: Script, options: ConstructorParameters<typeof OpenAI>[0] = {}) {
  const upstream = await startUpstream(script)
  const client = new OpenAI({ baseURL: upstream.baseURL, apiKey: 'key-of-client', ...options })
  return { upstream, transport: createOpenAITransport(client) }
}

function request(fields: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    path: '/chat/completions',
    method: 'POST',
    headers: new Headers({ 'content-type': 'application/json', 'x-own': 'caller' }),
    body: new TextEncoder().encode(BODY),
    signal: new AbortController().signal,
    ...fields,
  }
}

describe('an OpenAI client as a member', () => {
  it('sends the very bytes with the client’s credentials and headers', async () => {
    const { upstream, transport } = await startClient(answering('a'), { defaultHeaders: { 'x-team': 'red' } })
    const response = await transport(request({ path: '/chat/completions?a=1' }))
    expect((await response.json()).id).toBe('a')
    expect(upstream.seen).toMatchObject([
      {
        method: 'POST',
        path: '/v1/chat/completions?a=1',
        body: BODY,
        headers: {
          authorization: 'Bearer key-of-client',
          'x-own': 'caller',
          'x-team': 'red',
          'content-type': 'application/json',
        },
      },
    ])
  })

  it.each(['GET', 'DELETE', 'PUT', 'PATCH'])('keeps the method %s', async (method) => {
    const { upstream, transport } = await startClient(refusing(200, { ok: true }))
    const body = method === 'GET' || method === 'DELETE' ? undefined : new TextEncoder().encode(BODY)
    expect(await (await transport(request({ method, body, path: '/files/f1' }))).json()).toEqual({ ok: true })
    expect(upstream.seen.map((seen) => [seen.method, seen.path, seen.body])).toEqual([
      [method, '/v1/files/f1', body ? BODY : ''],
    ])
  })

  it('passes a stream on raw', async () => {
    const events = [...contentEvents('one two'), finishEvent, '[DONE]']
    const { transport } = await startClient(streaming(events))
    const response = await transport(request())
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe(events.map((event) => `data: ${event}\n\n`).join(''))
  })
})

describe('a refusal', () => {
  it('becomes a response again, with status, headers and body', async () => {
    const body = { error: { message: 'no', type: 'invalid_request_error', code: 'bad', param: 'messages' } }
    const { transport } = await startClient(refusing(400, body, { 'x-request-id': 'r-1' }))
    const response = await transport(request())
    expect([response.status, response.headers.get('x-request-id'), await response.json()]).toEqual([400, 'r-1', body])
  })

  it('with text for a body becomes JSON, and says so', async () => {
    const { transport } = await startClient(refusing(502, '<html>busy</html>', { 'content-type': 'text/html' }))
    const response = await transport(request())
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'application/json'])
    expect((await response.json()).error.message).toContain('busy')
  })

  it('is not tried again by the client, however long it is told to wait', async () => {
    const { upstream, transport } = await startClient(refusing(429, undefined, { 'retry-after': '120' }), {
      maxRetries: 5,
    })
    const response = await transport(request())
    expect([response.status, response.headers.get('retry-after'), upstream.seen.length]).toEqual([429, '120', 1])
  })

  it.each([500, 503, 409, 408])('of %i is not tried again either', async (status) => {
    const { upstream, transport } = await startClient(refusing(status), { maxRetries: 5 })
    expect([(await transport(request())).status, upstream.seen.length]).toEqual([status, 1])
  })

  it('of 304 has no body', async () => {
    const { transport } = await startClient((_, response) => void response.writeHead(304).end())
    const response = await transport(request())
    expect([response.status, await response.text()]).toEqual([304, ''])
  })
})

describe('no answer', () => {
  it('rejects with the client’s connection error, after one request', async () => {
    const { upstream, transport } = await startClient(resetting, { maxRetries: 5 })
    await expect(transport(request())).rejects.toBeInstanceOf(OpenAI.APIConnectionError)
    expect(upstream.seen).toHaveLength(1)
  })

  it('rejects when the caller aborts', async () => {
    const controller = new AbortController()
    const { transport } = await startClient(() => controller.abort())
    await expect(transport(request({ signal: controller.signal }))).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
  })
})
