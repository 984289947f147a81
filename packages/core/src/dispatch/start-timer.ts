/** Starts a timer for any limit. Platform timers wrap round beyond 24.8 days and fire at once: longer delays are cut to
 * that, and Infinity never fires.
 * @param run - Called when the time is up.
 * @param delayMs - Milliseconds from now; less than 0 is 0. */
export function startTimer(run: () => void, delayMs: number): ReturnType<typeof setTimeout> | undefined {
  if (delayMs === Number.POSITIVE_INFINITY) return undefined
  return setTimeout(run, Math.min(Math.max(0, delayMs), MAX_TIMER_MS))
}

const MAX_TIMER_MS = 2_147_483_647
