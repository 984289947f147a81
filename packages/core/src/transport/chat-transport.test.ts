import { describe, expect, it } from 'vitest'
import type { UpstreamRequest } from '../types.ts'
import { createChatTransport } from './chat-transport.ts'

function request(body: string | undefined, signal: AbortSignal = new AbortController().signal): UpstreamRequest {
  const bytes = body === undefined ? undefined : new TextEncoder().encode(body)
  return { path: '/chat/completions', method: 'POST', headers: new Headers({ 'x-own': 'caller' }), body: bytes, signal }
}

function transportOf(create: (params: unknown, options?: object) => Promise<unknown>) {
  return createChatTransport({ chat: { completions: { create } } })
}

describe('an object with chat.completions.create', () => {
  it('is called with the body, the headers, the signal and no retries; its answer becomes JSON', async () => {
    const calls: unknown[] = []
    const one = request('{"model":"m"}')
    const response = await transportOf(async (params, options) => {
      calls.push(params, options)
      return { id: 'a', choices: [] }
    })(one)
    expect(calls).toEqual([{ model: 'm' }, { headers: { 'x-own': 'caller' }, signal: one.signal, maxRetries: 0 }])
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual({ id: 'a', choices: [] })
  })

  it('streams chunk by chunk, and ends with the end mark', async () => {
    const response = await transportOf(async () => chunks(['a', 'b']))(request('{"stream":true}'))
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('data: "a"\n\ndata: "b"\n\ndata: [DONE]\n\n')
  })

  it('is told when nobody reads on', async () => {
    let isOver = false
    const onEnd = () => {
      isOver = true
    }
    const response = await transportOf(async () => chunks(['a', 'b'], onEnd))(request('{"stream":true}'))
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(isOver).toBe(true)
  })

  it('breaks the stream with what its chunks throw', async () => {
    const broken = chunks(['a'], () => {
      throw new Error('cut')
    })
    const response = await transportOf(async () => broken)(request('{"stream":true}'))
    await expect(response.text()).rejects.toThrow('cut')
  })

  it('refuses with the status of its error, and rejects with any other', async () => {
    const refusal = Object.assign(new Error('slow down'), { status: 429, headers: new Headers({ 'retry-after': '2' }) })
    const response = await transportOf(() => Promise.reject(refusal))(request('{}'))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
    expect(await response.json()).toEqual({ error: { message: 'slow down' } })
    await expect(transportOf(() => Promise.reject(new Error('cut')))(request('{}'))).rejects.toThrow('cut')
  })

  it.each(['{"prompt":secret}', '', undefined])(
    'is not called with %j: the caller is refused, not the member',
    async (body) => {
      const response = await transportOf(async () => expect.unreachable())(request(body))
      expect(response.status).toBe(400)
      expect(await response.text()).not.toContain('secret')
    },
  )
})

async function* chunks(values: readonly string[], onEnd: () => void = () => {}): AsyncGenerator<string> {
  try {
    yield* values
  } finally {
    onEnd()
  }
}
