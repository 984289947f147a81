/** The pace of a soak, the same in every run. */
export const PACE = {
  participants: 8,
  epochSeconds: 20,
  refreshIntervalMs: 3_000,
  /** How long a source that hangs is waited for before the next is asked. */
  discoveryTimeoutMs: 2_000,
  /** Seconds after which everybody has heard of a change: longer than what is allowed below. */
  settleSeconds: 7,
  /** How long after a participant left calls may still come to it: one refresh interval, its jitter of a tenth, a source that
   * hangs, and a second for the way. */
  allowanceMs: 6_300,
} as const
