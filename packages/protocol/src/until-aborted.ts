/** Waits for `work`, but no longer than until `signal` aborts.
 * @returns What `work` resolves with.
 * @throws `signal.reason` once the signal has aborted, at once and whatever `work` does.
 * @example const answer = await untilAborted(fetch('http://node1.example:8000/v1/status'), AbortSignal.timeout(5_000)) */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([aborted, work])
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
