/** The clocks of one attempt, in milliseconds; Infinity turns one off. */
export interface TimeoutSettings {
  /** A streamed request's time to the response headers. @default 60_000 */
  readonly headersMs?: number | undefined
  /** A streamed request's time to the first content, tool-call or reasoning delta; role-only and keep-alive frames do not
   * count. @default 120_000 */
  readonly firstContentMs?: number | undefined
  /** Longest pause between two events of a stream after that. @default 60_000 */
  readonly idleMs?: number | undefined
  /** Time to the complete answer of a request without streaming, or of a stream that `commit: 'complete'` holds back.
   * @default 600_000 */
  readonly answerMs?: number | undefined
}

/** Timeouts with every default filled in. */
export type Timeouts = { readonly [K in keyof TimeoutSettings]-?: number }

/** The same clocks, none longer than `limitMs`. */
export function capTimeouts(timeouts: Timeouts, limitMs: number): Timeouts {
  const cap = (ms: number): number => Math.min(ms, Math.max(1, limitMs))
  const { headersMs, firstContentMs, answerMs } = timeouts
  return { ...timeouts, headersMs: cap(headersMs), firstContentMs: cap(firstContentMs), answerMs: cap(answerMs) }
}

/** Fills in the defaults.
 * @throws RangeError naming the timeout when one is not a positive number. */
export function parseTimeouts(settings: TimeoutSettings): Timeouts {
  const timeouts: Timeouts = {
    headersMs: settings.headersMs ?? 60_000,
    firstContentMs: settings.firstContentMs ?? 120_000,
    idleMs: settings.idleMs ?? 60_000,
    answerMs: settings.answerMs ?? 600_000,
  }
  for (const [name, value] of Object.entries(timeouts)) {
    if (!(value > 0)) throw new RangeError(`timeouts.${name} must be a number > 0; got ${value}.`)
  }
  return timeouts
}
