import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { contentEvents, finishEvent, refusing, roleEvent, type Script, streaming } from '../fixtures/upstream.ts'
import { createVerdict, Router } from '../index-router.ts'
import { createOtelTracer } from './create-otel-tracer.ts'
import { recordSpans } from './fixtures/record-spans.ts'
import { chat, startTracedPair } from './fixtures/start-traced-pair.ts'

const CANARY = /canary|key-of-|bearer|127\.0\.0\.1|https?:/i
const PROMPT = { messages: [{ role: 'user', content: 'canary-prompt' }], user: 'canary-user' }
const CALLER = { headers: { authorization: 'Bearer canary-token', 'x-trace': 'canary-header' } }

const echo = { error: { message: 'You said canary-prompt with Bearer canary-token', code: 'bad' } }
const upstreams: [string, Script][] = [
  ['answer', refusing(200, { choices: [{ message: { content: 'canary-answer' }, finish_reason: 'stop' }] })],
  ['stream', streaming([roleEvent, ...contentEvents('canary-answer here'), finishEvent, '[DONE]'])],
  ['stream that breaks', streaming([roleEvent, ...contentEvents('canary-answer here')], 'reset')],
  ['refusal that repeats the prompt', refusing(400, echo)],
  ['failure that repeats the prompt', refusing(500, echo, { 'x-canary': 'canary-header' })],
  ['success that holds an error', refusing(200, echo)],
]

it.each(upstreams)('keeps content, credentials and addresses out of the spans of a %s', async (name, script) => {
  const { tracer, spans } = recordSpans()
  const { chat } = await startTracedPair(createOtelTracer({ tracer }), { primary: script, fallback: script })
  const response = await chat({ ...PROMPT, stream: name.startsWith('stream') }, CALLER)
  await response.text().catch(() => 'broken off')
  expect(spans().length).toBeGreaterThanOrEqual(2)
  expect(printed(spans())).not.toMatch(CANARY)
})

it('keeps the message of what a transport throws out of the spans', async () => {
  const { tracer, spans } = recordSpans()
  const router = new Router({ tracer: createOtelTracer({ tracer }), retry: { maxAttempts: 1 } })
  const failing = async (): Promise<Response> => {
    throw new TypeError('fetch of https://user:canary@host.example/?key=canary failed')
  }
  router.addModel(failing, { modelName: 'a' })
  await chat(router, PROMPT, CALLER)
  expect(spans().map(({ status }) => status.message)).toEqual(['TypeError', 'all-models-failed: TypeError'])
  expect(printed(spans())).not.toMatch(CANARY)
})

it('bounds text that callers and upstreams choose', async () => {
  const { tracer, spans } = recordSpans()
  const router = new Router({ tracer: createOtelTracer({ tracer }), retry: { maxAttempts: 1 } })
  const long = 'x'.repeat(100_000)
  const choices = Array.from({ length: 5_000 }, () => ({ finish_reason: long, message: { content: '' } }))
  router.addModel(async () => Response.json({ id: long, model: long, choices }), {
    modelName: 'a',
    aliases: { [long]: long },
  })
  const classify = (): ReturnType<typeof createVerdict> => createVerdict('unavailable', { reason: long })
  router.addModel(async () => new Response('', { status: 500 }), { modelName: 'b', classify })
  await chat(router, { model: long })
  await chat(router, { model: 'b' })
  expect(spans()).toHaveLength(4)
  for (const span of spans()) expect(printed([span]).length).toBeLessThan(12_000)
})

/** Everything that an exporter could send. */
function printed(spans: readonly object[]): string {
  const sent = spans.map((span) => {
    const { name, attributes, status, events, links } = span as Record<string, unknown>
    return { name, attributes, status, events, links }
  })
  return inspect(sent, { depth: null, maxArrayLength: null, maxStringLength: null })
}
