/** A clock that never goes back: when the one underneath does, as a system clock that is corrected, it goes on from where it was.
 * A pause that was to end at a moment of the old time would otherwise last for as long as the clock was set back.
 * @param now - Present time in milliseconds. */
export function createSteadyClock(now: () => number): () => number {
  let offsetMs = 0
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = now() + offsetMs
    if (nowMs < lastMs) offsetMs += lastMs - nowMs
    lastMs = Math.max(lastMs, nowMs)
    return lastMs
  }
}
