import { RetryBudget, type RetryBudgetSettings } from './retry-budget.ts'

/** How often and how patiently a call tries. Member SDKs run with their own retries off: this is the only owner. */
export interface RetrySettings {
  /** Most attempts of one call over all members, >= 1. @default Infinity: every member that can serve is tried */
  readonly maxAttempts?: number | undefined
  /** Further attempts at a member that failed, once no untried member is left, >= 0. @default 2 */
  readonly sameMember?: number | undefined
  /** First back-off before the same member is tried again, in milliseconds; doubled each time, full jitter. @default 500 */
  readonly backoffMs?: number | undefined
  /** Longest back-off, in milliseconds. @default 8_000 */
  readonly maxBackoffMs?: number | undefined
  /** Longest wait for a member to come back, in milliseconds; beyond it the call fails and says when. @default 60_000 */
  readonly maxRetryAfterMs?: number | undefined
  /** Bounds further attempts at members that failed, over all calls. @default 0.2 per call, at least 10 per second */
  readonly budget?: RetryBudgetSettings | undefined
}

/** Retry settings with every default filled in. */
export type RetryOptions = { readonly [K in Exclude<keyof RetrySettings, 'budget'>]-?: number } & {
  readonly budget: RetryBudget
  readonly random: () => number
}

/** Fills in the defaults.
 * @throws RangeError naming the setting when one is out of range. */
export function parseRetryOptions(settings: RetrySettings, random: () => number): RetryOptions {
  const options = {
    maxAttempts: settings.maxAttempts ?? Number.POSITIVE_INFINITY,
    sameMember: settings.sameMember ?? 2,
    backoffMs: settings.backoffMs ?? 500,
    maxBackoffMs: settings.maxBackoffMs ?? 8_000,
    maxRetryAfterMs: settings.maxRetryAfterMs ?? 60_000,
  }
  if (!(options.maxAttempts >= 1)) throw new RangeError(`retry.maxAttempts must be >= 1; got ${options.maxAttempts}.`)
  for (const [name, value] of Object.entries(options)) {
    if (!(value >= 0)) throw new RangeError(`retry.${name} must be a number >= 0; got ${value}.`)
  }
  return { ...options, budget: new RetryBudget(settings.budget ?? {}), random }
}
