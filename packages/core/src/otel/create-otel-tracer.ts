import { type Tracer, trace } from '@opentelemetry/api'
import type { CallTracer } from '../tracing.ts'
import { CallSpan } from './otel-spans.ts'
import { createProviderLookup } from './provider-lookup.ts'

/** Options of `createOtelTracer`; every one has a default. */
export interface OtelTracerOptions {
  /** Value of `gen_ai.provider.name`: one name for all members, or a function of a member's `modelName`. The conventions
   * list well-known names, such as `groq` or `mistral_ai`. @default 'openai', whose API the upstreams speak */
  readonly providerName?: string | ((member: string) => string) | undefined
  /** Makes the spans. @default trace.getTracer('@multiplexer/core'), of the provider registered then or later */
  readonly tracer?: Tracer | undefined
}

/** Makes OpenTelemetry spans of a router's calls, after the GenAI semantic conventions: one span per call, one child per
 * attempt. No span holds content, headers or URLs. Nothing is exported until the application registers a tracer provider,
 * and parents are found only with a context manager; the OpenTelemetry SDK for Node.js sets up both.
 * @param options - See `OtelTracerOptions`.
 * @returns The `tracer` option of `Router` and `Multiplexer`.
 * @throws TypeError when `tracer` cannot start spans, for instance because it is a provider.
 * @see OpenTelemetry semantic conventions for GenAI client spans (status: development)
 * @example
 * const router = new Router({ tracer: createOtelTracer({ providerName: 'groq' }) }) */
export function createOtelTracer(options: OtelTracerOptions = {}): CallTracer {
  const { tracer = trace.getTracer('@multiplexer/core'), providerName } = options
  // The router ignores what a tracer throws, so a wrong one would show only in missing spans.
  if (typeof tracer?.startSpan !== 'function') {
    throw new TypeError(
      `tracer must be a Tracer, as provider.getTracer(name) returns; got ${typeof tracer} without startSpan.`,
    )
  }
  const parts = { tracer, providerOf: createProviderLookup(providerName) }
  return { startCall: (call) => new CallSpan(parts, call) }
}
