/** How far behind block time a node lets a timestamp be. */
const VALID_MS = 60_000

/** Counts the seconds down in which nodes still take a signature that was made now.
 * @param place - Where the count is shown.
 * @returns Stops the count. */
export function startCountdown(place: HTMLElement): () => void {
  const endMs = Date.now() + VALID_MS
  const show = (): void => {
    const leftS = Math.ceil((endMs - Date.now()) / 1_000)
    place.textContent = leftS > 0 ? `${leftS} s left.` : 'Too old by now: sign again.'
    if (leftS <= 0) stop()
  }
  const timer = setInterval(show, 1_000)
  const stop = (): void => clearInterval(timer)
  show()
  return stop
}
