import { gzipSync } from 'node:zlib'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { answering, contentEvents, finishEvent, type Script, startUpstream } from './fixtures/upstream.ts'
import { Router } from './index-router.ts'

const json = { 'content-type': 'application/json' }
const whole = JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message: { content: 'hi' } }] })
const events = [...contentEvents('one two'), finishEvent, '[DONE]'].map((data) => `data: ${data}\n\n`).join('')

function replying(body: string | Buffer, headers: Record<string, string | number>, status = 200): Script {
  return (_, response) => {
    response.writeHead(status, headers).end(body)
  }
}

async function startRouter(script: Script) {
  const router = new Router({ retry: { sameMember: 0 } })
  router.addModel({ baseURL: (await startUpstream(script)).baseURL }, { modelName: 'odd' })
  return router
}

function chat(router: Router, stream = false): Promise<Response> {
  const body = JSON.stringify({ model: 'm', messages: [], stream })
  return router.fetch('/v1/chat/completions', { method: 'POST', body })
}

it('passes on a status that no Response can carry as a bad gateway', async () => {
  const router = await startRouter(replying('{"error":"odd"}', json, 999))
  const response = await chat(router)
  expect([response.status, await response.text()]).toEqual([502, '{"error":"odd"}'])
  expect(router.getStats().members.odd?.verdicts).toEqual({ unavailable: 1 })
})

it('gives up an answer that decompresses to more than its limit, whatever length was announced', async () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '), { level: 1 })
  const headers = { ...json, 'content-encoding': 'gzip', 'content-length': bomb.length }
  const response = await chat(await startRouter(replying(bomb, headers)))
  expect([response.status, (await response.json()).error.message]).toEqual([
    503,
    'The only attempt failed (odd: answer-too-long).',
  ])
}, 15_000)

it('knows a stream by its type in any case', async () => {
  const headers = { 'content-type': 'Text/Event-Stream; Charset=UTF-8' }
  const response = await chat(await startRouter(replying(events, headers)), true)
  expect([response.status, await response.text()]).toEqual([200, events])
})

describe('an answer in the other form than the one that was asked for', () => {
  const forms: [string, boolean, Script][] = [
    ['a whole one for a stream', true, replying(whole, json)],
    ['a stream for a whole one', false, replying(events, { 'content-type': 'text/event-stream' })],
  ]
  it.each(forms)('is not taken for one, and another member is asked: %s', async (_, stream, script) => {
    const router = await startRouter(script)
    const fallback = await startUpstream(answering('fallback'))
    router.addFallbackModel({ baseURL: fallback.baseURL }, { modelName: 'fallback' })
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://mux.invalid/v1', fetch: router.fetch, maxRetries: 0 })
    const request = { model: 'm', messages: [] }
    let text = ''
    if (stream) {
      const chunks = await client.chat.completions.create({ ...request, stream: true })
      for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? ''
    } else {
      text = (await client.chat.completions.create(request)).choices[0]?.message.content ?? ''
    }
    expect(text).toBe('fallback as m')
    expect(router.getStats().members.odd?.verdicts).toEqual({ unavailable: 1 })
  })
})
