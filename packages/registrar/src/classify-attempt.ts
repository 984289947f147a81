import { classifyNodeAnswer } from '@gonka/protocol'
import type { Verdict } from '@multiplexer/core/errors'
import type { AttemptOutcome } from '@multiplexer/core/router'

/** Judges an attempt at a participant by what Gonka nodes say in their answers; the default `classify` of registered members.
 * @param outcome - The attempt's status, headers and body.
 * @returns The verdict, or undefined when no answer came or the multiplexer's own table is right.
 * @example const verdict = classifyAttempt({ status: 402, bodyText: '{"error":"Insufficient balance"}' }) // kind 'suspended' */
export function classifyAttempt(outcome: AttemptOutcome): Verdict | undefined {
  if (outcome.status === undefined) return undefined
  return classifyNodeAnswer({
    status: outcome.status,
    bodyText: outcome.bodyText ?? '',
    contentType: outcome.headers?.get('content-type') ?? undefined,
  })
}
