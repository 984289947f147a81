import { context, type Span, type Tracer } from '@opentelemetry/api'
import { expect, it, onTestFinished } from 'vitest'
import { answering, refusing } from '../fixtures/upstream.ts'
import { Router } from '../index-router.ts'
import { createOtelTracer } from './create-otel-tracer.ts'
import { recordSpans } from './fixtures/record-spans.ts'
import { chat, startTracedPair } from './fixtures/start-traced-pair.ts'

function explode(): never {
  throw new Error('tracing is broken')
}

/** The SDK's tracer, whose spans throw in one of their methods. */
function breakSpans(tracer: Tracer, method: keyof Span): Tracer {
  const startSpan: Tracer['startSpan'] = (...args) => Object.assign(tracer.startSpan(...args), { [method]: explode })
  return { startSpan, startActiveSpan: explode }
}

const broken: [string, (tracer: Tracer) => Tracer][] = [
  ['startSpan', () => ({ startSpan: explode, startActiveSpan: explode })],
  ['setAttributes', (tracer) => breakSpans(tracer, 'setAttributes')],
  ['setStatus', (tracer) => breakSpans(tracer, 'setStatus')],
  ['end', (tracer) => breakSpans(tracer, 'end')],
]

it.each(broken)('answers, asking each member once, when %s throws', async (_, breakTracer) => {
  const { tracer } = recordSpans()
  const { chat, primary, fallback } = await startTracedPair(createOtelTracer({ tracer: breakTracer(tracer) }), {
    primary: refusing(500),
  })
  const answer = await (await chat()).json()
  expect(answer.choices[0].message.content).toBe('fallback as m-of-fallback')
  expect([primary.seen.length, fallback.seen.length]).toEqual([1, 1])
})

it.each(['before', 'after'] as const)('sends once when the context manager throws %s it has run', async (moment) => {
  const { tracer } = recordSpans()
  context.disable()
  const active = context.active()
  const runThenThrow = (_: unknown, run: () => unknown): never => {
    if (moment === 'after') run()
    return explode()
  }
  const manager = { active: () => active, with: runThenThrow, bind: <T>(_: unknown, target: T) => target }
  context.setGlobalContextManager(Object.assign(manager, { enable: () => manager, disable: () => manager }) as never)
  onTestFinished(() => context.disable())
  const { chat, primary } = await startTracedPair(createOtelTracer({ tracer }), { primary: answering('primary') })
  expect((await chat()).status).toBe(200)
  expect(primary.seen).toHaveLength(1)
})

it('sends once when the transport itself throws at once', async () => {
  const { tracer, attempts } = recordSpans()
  const router = new Router({ tracer: createOtelTracer({ tracer }), retry: { maxAttempts: 1 } })
  let sent = 0
  const throwing = (): never => {
    sent += 1
    return explode()
  }
  router.addModel(throwing, { modelName: 'a' })
  expect((await chat(router)).status).toBe(503)
  expect([sent, attempts().length]).toEqual([1, 1])
})
