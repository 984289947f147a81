import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { AttemptTrace, CallTrace, TracedAttempt, TracedAttemptEnd, TracedCall } from '../tracing.ts'
import { spanNameOf } from './operation.ts'
import type { ProviderLookup } from './provider-lookup.ts'
import { attemptAttributes, attemptEndAttributes, callAttributes, clip, responseAttributes } from './span-attributes.ts'

/** What spans are made with. */
export interface SpanParts {
  readonly tracer: Tracer
  readonly providerOf: ProviderLookup
}

/** The span of one call, below whatever span was active when the call entered. */
export class CallSpan implements CallTrace {
  readonly #parts: SpanParts
  readonly #attributes: Attributes
  readonly #context: Context
  readonly #span: Span
  #attempts = 0
  #lastEnd: TracedAttemptEnd | undefined

  constructor(parts: SpanParts, call: TracedCall) {
    const parent = context.active()
    this.#parts = parts
    this.#attributes = callAttributes(call, parts.providerOf(undefined))
    const options = { kind: SpanKind.INTERNAL, attributes: this.#attributes }
    this.#span = parts.tracer.startSpan(spanNameOf(this.#attributes), options, parent)
    this.#context = trace.setSpan(parent, this.#span)
  }

  startAttempt(attempt: TracedAttempt): AttemptTrace {
    const { tracer, providerOf } = this.#parts
    this.#attempts += 1
    const attributes = {
      ...attemptAttributes(this.#attributes, attempt, providerOf(attempt.member)),
      'multiplexer.attempt': this.#attempts,
    }
    const span = tracer.startSpan(spanNameOf(attributes), { kind: SpanKind.CLIENT, attributes }, this.#context)
    const onEnd = (end: TracedAttemptEnd): void => {
      this.#lastEnd = end
    }
    return new AttemptSpan(span, { context: trace.setSpan(this.#context, span), onEnd })
  }

  end({ outcome, attempts, member }: Parameters<CallTrace['end']>[0]): void {
    const { verdict, facts } = this.#lastEnd ?? {}
    this.#span.setAttributes({
      ...responseAttributes(facts ?? {}),
      'gen_ai.provider.name': this.#parts.providerOf(member),
      'multiplexer.outcome': outcome,
      'multiplexer.attempts': attempts,
      'multiplexer.member': member,
    })
    // A caller who changes his mind has not met an error.
    if (outcome !== 'ok' && outcome !== 'cancelled') {
      fail(this.#span, outcome, verdict?.reason ? `${outcome}: ${verdict.reason}` : outcome)
    }
    this.#span.end()
  }
}

/** The span of one attempt, below its call's. */
class AttemptSpan implements AttemptTrace {
  readonly #span: Span
  readonly #context: Context
  readonly #onEnd: (end: TracedAttemptEnd) => void

  constructor(span: Span, options: { context: Context; onEnd: (end: TracedAttemptEnd) => void }) {
    this.#span = span
    this.#context = options.context
    this.#onEnd = options.onEnd
  }

  run<T>(send: () => T): T {
    return context.with(this.#context, send)
  }

  end(end: TracedAttemptEnd): void {
    const { verdict, status } = end
    this.#onEnd(end)
    this.#span.setAttributes(attemptEndAttributes(end))
    if (verdict.kind !== 'ok' && verdict.kind !== 'cancelled') {
      const type = status !== undefined && status >= 400 ? String(status) : verdict.kind
      fail(this.#span, type, verdict.reason ?? verdict.kind)
    }
    this.#span.end()
  }
}

/** The message comes from verdicts alone. An exception is never recorded: its message and stack may hold a URL or content. */
function fail(span: Span, errorType: string, message: string): void {
  span.setAttribute('error.type', errorType)
  span.setStatus({ code: SpanStatusCode.ERROR, message: clip(message) })
}
