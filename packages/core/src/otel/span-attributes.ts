import type { Attributes } from '@opentelemetry/api'
import type { AnswerFacts, TracedAttempt, TracedAttemptEnd, TracedCall } from '../tracing.ts'
import { apiTypeOf, operationOf } from './operation.ts'

/** What is known of a call when its span starts. */
export function callAttributes({ path, model, stream }: TracedCall, provider: string): Attributes {
  return {
    'gen_ai.operation.name': operationOf(path),
    'gen_ai.provider.name': provider,
    'openai.api.type': apiTypeOf(path),
    'gen_ai.request.model': model && clip(model),
    'gen_ai.request.stream': stream || undefined,
  }
}

/** What is known of an attempt when its span starts: its call's attributes, with what is sent to this member. */
export function attemptAttributes(call: Attributes, { member, model }: TracedAttempt, provider: string): Attributes {
  return {
    ...call,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': clip(model),
    'multiplexer.member': member,
  }
}

/** What an attempt proved, and what it cost. */
export function attemptEndAttributes({ verdict, status, firstContentMs, facts = {} }: TracedAttemptEnd): Attributes {
  return {
    ...responseAttributes(facts),
    'gen_ai.usage.input_tokens': facts.inputTokens,
    'gen_ai.usage.output_tokens': facts.outputTokens,
    'http.response.status_code': status,
    'multiplexer.verdict': verdict.kind,
    'multiplexer.retry_after_ms': verdict.retryAfterMs,
    'multiplexer.time_to_first_content_ms': firstContentMs,
  }
}

/** What an answer says about itself. Token counts are not among it: they stand on attempts alone, so that a sum over all
 * spans counts them once. */
export function responseAttributes({ id, model, finishReasons }: AnswerFacts): Attributes {
  return {
    'gen_ai.response.id': id && clip(id),
    'gen_ai.response.model': model && clip(model),
    'gen_ai.response.finish_reasons': finishReasons?.slice(0, MAX_REASONS).map(clip),
  }
}

/** Bounds text that callers and upstreams choose. */
export function clip(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}

const MAX_LENGTH = 256
const MAX_REASONS = 16
