import type { Attempt } from '../verdict.ts'

/** What the pool knows beside the attempts. */
export interface FailureContext {
  /** Members that were not tried because they rest, each as `name: reason`. */
  readonly resting: readonly string[]
  /** Why whole groups are out. */
  readonly suspensions: readonly string[]
  /** When the first member is expected back, in milliseconds from now. */
  readonly retryAfterMs: number | undefined
}

/** Says in one sentence why no member answered; from verdicts only, so nothing of the request can be in it. */
export function describeFailure(
  trail: readonly Attempt[],
  { resting, suspensions, retryAfterMs }: FailureContext,
): string {
  const reasons = new Set(trail.map(({ verdict }) => verdict.reason))
  const unsaid = suspensions.filter((reason) => !reasons.has(reason))
  const suspended = unsaid.length === 0 ? '' : ` Suspended: ${unsaid.join('; ')}.`
  const later =
    retryAfterMs === undefined ? '' : ` The first member is expected back in ${Math.ceil(retryAfterMs / 1000)} s.`
  return `${describeAttempts(trail)}.${describeResting(resting)}${suspended}${later}`
}

function describeAttempts(trail: readonly Attempt[]): string {
  if (trail.length === 0) return 'No member could be tried'
  const tried = trail.map(({ member, verdict }) => `${member}: ${verdict.reason ?? verdict.kind}`)
  const count = trail.length === 1 ? 'The only attempt' : `All ${trail.length} attempts`
  return `${count} failed (${list(tried)})`
}

function describeResting(resting: readonly string[]): string {
  return resting.length === 0 ? '' : ` Left alone after a failure: ${list(resting)}.`
}

function list(items: readonly string[]): string {
  const rest = items.length - MAX_SHOWN
  return [...items.slice(0, MAX_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}

const MAX_SHOWN = 5
