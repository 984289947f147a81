import type { Attempt } from '../verdict.ts'

/** Says in one sentence why no member answered; from verdicts only, so nothing of the request can be in it. */
export function describeFailure(
  trail: readonly Attempt[],
  { suspensions, retryAfterMs }: { suspensions: readonly string[]; retryAfterMs: number | undefined },
): string {
  const tried = trail.map(({ member, verdict }) => `${member}: ${verdict.reason ?? verdict.kind}`)
  const shown =
    tried.length > MAX_SHOWN ? [...tried.slice(0, MAX_SHOWN), `and ${tried.length - MAX_SHOWN} more`] : tried
  const suspended = suspensions.length === 0 ? '' : ` Suspended: ${suspensions.join('; ')}.`
  const later =
    retryAfterMs === undefined ? '' : ` The first member is expected back in ${Math.ceil(retryAfterMs / 1000)} s.`
  return `${describeAttempts(shown, trail.length)}.${suspended}${later}`
}

function describeAttempts(shown: readonly string[], count: number): string {
  if (count === 0) return 'No member could be tried'
  return `${count === 1 ? 'The only attempt' : `All ${count} attempts`} failed (${shown.join('; ')})`
}

const MAX_SHOWN = 5
