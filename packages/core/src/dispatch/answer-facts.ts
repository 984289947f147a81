import type { AnswerFacts } from '../tracing.ts'

/** Reads what an answer, or an event of a stream, says about itself; never its content. */
export function readAnswerFacts(body: unknown): AnswerFacts {
  const answer = record(body)
  // The Responses API wraps the answer in its closing event.
  const { id, model, usage, choices } = answer.response === undefined ? answer : record(answer.response)
  const { prompt_tokens, input_tokens, completion_tokens, output_tokens, total_tokens } = record(usage)
  const reasons = (Array.isArray(choices) ? choices : []).flatMap((choice) => text(record(choice).finish_reason) || [])
  return definedOnly({
    id: text(id),
    model: text(model),
    inputTokens: count(prompt_tokens ?? input_tokens),
    outputTokens: count(completion_tokens ?? output_tokens),
    totalTokens: count(total_tokens),
    finishReasons: reasons.length > 0 ? reasons : undefined,
  })
}

/** The same from the bytes of a whole answer; empty when they are not JSON. */
export function parseAnswerFacts(bytes: Uint8Array): AnswerFacts {
  try {
    return readAnswerFacts(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return {}
  }
}

function definedOnly(facts: AnswerFacts): AnswerFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined
}
