import { context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  answering,
  contentEvents,
  finishEvent,
  refusing,
  resetting,
  roleEvent,
  streaming,
  streamingInTwo,
} from '../fixtures/upstream.ts'
import { Router, type Transport } from '../index-router.ts'
import { createOtelTracer } from './create-otel-tracer.ts'
import { recordSpans } from './fixtures/record-spans.ts'
import { chat, startTracedPair } from './fixtures/start-traced-pair.ts'

const FACTS = {
  id: 'chatcmpl-1',
  model: 'llama-3.3-70b-0701',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi' } }],
  usage: { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 },
}

describe('a call that fails over', () => {
  it('is one span with one child per attempt, below the span that was active when it entered', async () => {
    const { tracer, attempts, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), {
      primary: refusing(503, { error: { code: 'busy' } }, { 'retry-after': '7' }),
      fallback: refusing(200, FACTS),
    })
    const incoming = tracer.startSpan('incoming request')
    await context.with(trace.setSpan(context.active(), incoming), () => chat())

    expect(call().parentSpanContext?.spanId).toBe(incoming.spanContext().spanId)
    expect(attempts().map((span) => span.parentSpanContext?.spanId)).toEqual(Array(2).fill(call().spanContext().spanId))
    expect(new Set([incoming, ...attempts(), call()].map((span) => traceIdOf(span))).size).toBe(1)
    expect([call(), ...attempts()].map(({ name, kind }) => [name, kind])).toEqual([
      ['chat m', SpanKind.INTERNAL],
      ['chat m', SpanKind.CLIENT],
      ['chat m-of-fallback', SpanKind.CLIENT],
    ])
  })

  it('says on each attempt what it proved, and on the call what came of it', async () => {
    const { tracer, attempts, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), {
      primary: refusing(503, { error: { code: 'busy' } }, { 'retry-after': '7' }),
      fallback: refusing(200, FACTS),
    })
    await chat()
    const [failed, answered] = attempts()
    const common = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'openai.api.type': 'chat_completions',
    }
    const response = {
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.model': 'llama-3.3-70b-0701',
      'gen_ai.response.finish_reasons': ['stop'],
    }
    expect(failed?.attributes).toStrictEqual({
      ...common,
      'gen_ai.request.model': 'm',
      'http.response.status_code': 503,
      'error.type': '503',
      'multiplexer.attempt': 1,
      'multiplexer.member': 'primary',
      'multiplexer.verdict': 'unavailable',
      'multiplexer.retry_after_ms': 7_000,
    })
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'HTTP 503 busy' })
    expect(answered?.attributes).toStrictEqual({
      ...common,
      ...response,
      'gen_ai.request.model': 'm-of-fallback',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 34,
      'http.response.status_code': 200,
      'multiplexer.attempt': 2,
      'multiplexer.member': 'fallback',
      'multiplexer.verdict': 'ok',
    })
    expect(call().attributes).toStrictEqual({
      ...common,
      ...response,
      'gen_ai.request.model': 'm',
      'multiplexer.attempts': 2,
      'multiplexer.member': 'fallback',
      'multiplexer.outcome': 'ok',
    })
    expect([answered?.status, call().status]).toEqual(Array(2).fill({ code: SpanStatusCode.UNSET }))
  })

  it('keeps the attempts of simultaneous calls apart', async () => {
    const { tracer, attempts, spans } = recordSpans()
    const { router } = await startTracedPair(createOtelTracer({ tracer }), { primary: resetting })
    const run = async (index: number): Promise<void> => {
      const incoming = tracer.startSpan(`incoming ${index}`)
      await context.with(trace.setSpan(context.active(), incoming), () => chat(router))
      incoming.end()
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => run(index)))
    const byId = new Map(spans().map((span) => [span.spanContext().spanId, span]))
    const calls = spans().filter((span) => 'multiplexer.outcome' in span.attributes)
    expect(new Set(calls.map((span) => span.parentSpanContext?.spanId)).size).toBe(20)
    for (const attempt of attempts()) {
      const parent = byId.get(attempt.parentSpanContext?.spanId ?? '')
      expect([parent?.name, parent && traceIdOf(parent)]).toEqual(['chat m', traceIdOf(attempt)])
    }
    const counted = calls.reduce((sum, span) => sum + Number(span.attributes['multiplexer.attempts']), 0)
    expect(attempts()).toHaveLength(counted)
  })
})

describe('the transport', () => {
  it('runs inside its attempt, so that spans of HTTP instrumentation belong to it', async () => {
    const { tracer, attempts, spans } = recordSpans()
    const router = new Router({ tracer: createOtelTracer({ tracer }), retry: { sameMember: 0 } })
    const instrumented = (status: number): Transport => {
      return async ({ path }) => {
        await Promise.resolve()
        tracer.startSpan(`POST ${path} ${status}`).end()
        return Response.json(status === 200 ? FACTS : {}, { status })
      }
    }
    router.addModel(instrumented(500), { modelName: 'primary' })
    router.addFallbackModel(instrumented(200), { modelName: 'fallback' })
    await chat(router)
    const parents = spans()
      .filter(({ name }) => name.startsWith('POST'))
      .map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])
    expect(parents).toEqual([
      ['POST /chat/completions 500', attempts()[0]?.spanContext().spanId],
      ['POST /chat/completions 200', attempts()[1]?.spanContext().spanId],
    ])
  })
})

describe('a stream', () => {
  const usageEvent = JSON.stringify({ ...FACTS, choices: [] })
  const answer = [roleEvent, ...contentEvents('Hello there'), finishEvent, usageEvent, '[DONE]']

  it('ends its spans when it ends, with its usage and the time to its first content', async () => {
    const { tracer, attempts, call, spans } = recordSpans()
    let nowMs = 0
    let openGate = (): void => {}
    const gate = new Promise<void>((resolve) => {
      openGate = resolve
    })
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), {
      primary: streamingInTwo(answer.slice(0, 2), gate, answer.slice(2)),
      options: { now: () => (nowMs += 1) },
    })
    const response = await chat({ stream: true })
    expect(spans()).toHaveLength(0)
    openGate()
    await response.text()
    expect(attempts()).toHaveLength(1)
    expect(attempts()[0]?.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.model': 'llama-3.3-70b-0701',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 34,
      'multiplexer.time_to_first_content_ms': expect.any(Number),
      'multiplexer.verdict': 'ok',
    })
    expect(call().attributes).toMatchObject({ 'gen_ai.request.stream': true, 'multiplexer.outcome': 'ok' })
    expect(call().attributes).not.toHaveProperty('gen_ai.usage.output_tokens')
  })

  it('that breaks off after content is an error on the attempt and on the call', async () => {
    const { tracer, attempts, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), {
      primary: streaming(answer.slice(0, 2), 'reset'),
    })
    const response = await chat({ stream: true })
    await expect(response.text()).rejects.toMatchObject({ code: 'stream-interrupted' })
    expect([attempts()[0], call()].map((span) => span?.attributes['error.type'])).toEqual([
      'interrupted',
      'stream-interrupted',
    ])
    expect([attempts()[0], call()].map((span) => span?.status.code)).toEqual(Array(2).fill(SpanStatusCode.ERROR))
  })

  it('that its consumer leaves ends its spans without an error', async () => {
    const { tracer, attempts, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), {
      primary: streaming(answer.slice(0, 2), 'silence'),
    })
    const response = await chat({ stream: true })
    await response.body?.cancel()
    expect(attempts()[0]?.attributes).toMatchObject({ 'multiplexer.verdict': 'cancelled' })
    expect(call().attributes).toMatchObject({ 'multiplexer.outcome': 'cancelled' })
    expect([attempts()[0], call()].map((span) => span?.status)).toEqual(Array(2).fill({ code: SpanStatusCode.UNSET }))
  })
})

describe('a call without an answer', () => {
  it('that every member failed is an error that names the last reason', async () => {
    const { tracer, attempts, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), {
      primary: resetting,
      fallback: refusing(429),
    })
    expect((await chat()).status).toBe(503)
    expect(attempts().map(({ attributes }) => [attributes['multiplexer.verdict'], attributes['error.type']])).toEqual([
      ['unavailable', 'unavailable'],
      ['rate-limited', '429'],
    ])
    expect(call().attributes).toMatchObject({ 'error.type': 'all-models-failed', 'multiplexer.attempts': 2 })
    expect(call().status).toEqual({ code: SpanStatusCode.ERROR, message: 'all-models-failed: HTTP 429' })
  })

  it('that a member refused is an error with that status', async () => {
    const { tracer, attempts, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), { primary: refusing(400) })
    expect((await chat()).status).toBe(400)
    expect(attempts()[0]?.attributes).toMatchObject({ 'error.type': '400', 'multiplexer.verdict': 'invalid-request' })
    expect(call().attributes).toMatchObject({ 'error.type': 'refused', 'multiplexer.outcome': 'refused' })
  })

  it('that its caller aborts ends both spans without an error', async () => {
    const { tracer, attempts, call } = recordSpans()
    const caller = new AbortController()
    const { chat } = await startTracedPair(createOtelTracer({ tracer }), { primary: () => caller.abort() })
    await expect(chat({}, { signal: caller.signal })).rejects.toThrow()
    expect(attempts()[0]?.attributes).toMatchObject({ 'multiplexer.verdict': 'cancelled' })
    expect(call().attributes).toMatchObject({ 'multiplexer.outcome': 'cancelled' })
    expect([attempts()[0], call()].map((span) => span?.status)).toEqual(Array(2).fill({ code: SpanStatusCode.UNSET }))
  })

  it('that nobody could take is a span without children', async () => {
    const { tracer, spans, call } = recordSpans()
    const router = new Router({ tracer: createOtelTracer({ tracer }) })
    expect((await chat(router)).status).toBe(503)
    expect(spans()).toHaveLength(1)
    expect(call().status.code).toBe(SpanStatusCode.ERROR)
    expect(call().attributes).toMatchObject({ 'gen_ai.provider.name': 'openai', 'multiplexer.attempts': 0 })
  })
})

describe('providerName', () => {
  it('is a name for all, or a function of the member that may fail', async () => {
    const providersWith = async (providerName: string | ((member: string) => string)): Promise<unknown[]> => {
      const { tracer, attempts, call } = recordSpans()
      const { chat } = await startTracedPair(createOtelTracer({ tracer, providerName }), { primary: resetting })
      await chat()
      context.disable()
      return [call(), ...attempts()].map(({ attributes }) => attributes['gen_ai.provider.name'])
    }
    expect(await providersWith('groq')).toEqual(['groq', 'groq', 'groq'])
    expect(await providersWith((member) => `the-${member}`)).toEqual(['the-fallback', 'the-primary', 'the-fallback'])
    const failing = (): string => {
      throw new Error('no table')
    }
    expect(await providersWith(failing)).toEqual(['openai', 'openai', 'openai'])
  })
})

describe('tracer', () => {
  it('is that of the global provider by default, also when it is registered later', async () => {
    const { provider, call } = recordSpans()
    const { chat } = await startTracedPair(createOtelTracer(), { primary: answering('primary') })
    trace.setGlobalTracerProvider(provider)
    onTestFinished(() => trace.disable())
    await chat()
    expect(call().instrumentationScope.name).toBe('@multiplexer/core')
  })

  it('costs no call anything when no provider is registered', async () => {
    const { chat, primary } = await startTracedPair(createOtelTracer(), { primary: answering('primary') })
    expect((await chat()).status).toBe(200)
    expect(primary.seen).toHaveLength(1)
  })

  it('is refused when it cannot start spans', () => {
    const { provider } = recordSpans()
    expect(() => createOtelTracer({ tracer: provider as unknown as Tracer })).toThrow(
      /^tracer must be a Tracer, .* got object without startSpan/,
    )
  })
})

function traceIdOf(span: { spanContext(): { traceId: string } }): string {
  return span.spanContext().traceId
}
