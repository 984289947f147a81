/** Waits for a promise, or for the signal if that comes first; the promise itself goes on.
 * @param promise - The work.
 * @param signal - Ends the wait.
 * @returns The promise's value.
 * @throws The signal's reason when it is aborted first; otherwise what the promise rejects with. */
export async function waitUntilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}
