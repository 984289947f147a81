/** The longest wait that timers can hold; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** A failing source is asked at most this many times less often. */
const MAX_BACKOFF_FACTOR = 10

/** Computes the wait before the next refresh: the interval, doubled for each failure in a row up to tenfold, jittered.
 * @param failures - Failed refreshes since the last good one.
 * @param options.intervalMs - Wait without failures, in milliseconds.
 * @param options.jitter - Share by which the wait is shortened or lengthened, 0 to below 1.
 * @returns Milliseconds, never more than a timer can hold. */
export function computeDelayMs(
  failures: number,
  options: { intervalMs: number; jitter: number; random: () => number },
): number {
  const { intervalMs, jitter, random } = options
  const factor = Math.min(2 ** failures, MAX_BACKOFF_FACTOR)
  const spread = 1 + jitter * (2 * random() - 1)
  return Math.min(intervalMs * factor * spread, MAX_TIMER_MS)
}
