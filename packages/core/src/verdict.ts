/** What one attempt proved. See the decision table in the package README. */
export type VerdictKind =
  | 'ok'
  | 'rate-limited'
  | 'unavailable'
  | 'interrupted'
  | 'unauthorized'
  | 'model-missing'
  | 'unsuitable'
  | 'invalid-request'
  | 'cancelled'
  | 'suspended'

/** Whose fault a verdict is: what gets paused, skipped or ended because of it. */
export type VerdictScope = 'none' | 'member' | 'member-model' | 'request' | 'request-model' | 'group'

/** The judgement on one finished attempt. */
export interface Verdict {
  /** What happened. */
  readonly kind: VerdictKind
  /** What it happened to: one member, one model on it, the request, or the member's whole group. */
  readonly scope: VerdictScope
  /** The wait the upstream asked for, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined
  /** One line for people, free of request content and credentials. */
  readonly reason?: string | undefined
}

/** One line of the attempt trail: which member was tried, what came of it, and how long it took. */
export interface Attempt {
  /** `modelName` of the member. */
  readonly member: string
  /** What the attempt proved. */
  readonly verdict: Verdict
  /** HTTP status of the answer; undefined when none came. */
  readonly status?: number | undefined
  /** Time from sending to the verdict, in milliseconds. */
  readonly ms: number
}

const SCOPES: Readonly<Record<VerdictKind, VerdictScope>> = {
  ok: 'none',
  'rate-limited': 'member',
  unavailable: 'member',
  interrupted: 'member',
  unauthorized: 'member',
  'model-missing': 'member-model',
  unsuitable: 'request-model',
  'invalid-request': 'request',
  cancelled: 'request',
  suspended: 'group',
}

/** Builds a verdict of `kind` with the scope that kind always has.
 * @param kind - What happened.
 * @param details.retryAfterMs - The wait the upstream asked for, in milliseconds.
 * @param details.reason - One line for people; must not hold request content or credentials.
 * @example const verdict = createVerdict('rate-limited', { retryAfterMs: 2_000 })
 */
export function createVerdict(
  kind: VerdictKind,
  details: { retryAfterMs?: number | undefined; reason?: string | undefined } = {},
): Verdict {
  const { retryAfterMs, reason } = details
  return {
    kind,
    scope: SCOPES[kind],
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** Tells whether a value from outside is a verdict that the pool can work with: a known kind, and a wait that is a number.
 * @param value - What a member's own rows returned. */
export function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null) return false
  const { kind, retryAfterMs = 0 } = value as Partial<Record<keyof Verdict, unknown>>
  return (
    typeof kind === 'string' && Object.hasOwn(SCOPES, kind) && typeof retryAfterMs === 'number' && retryAfterMs >= 0
  )
}
