/** Waits for both at once: participants and brokers that are silent would add up. When one fails, the other is ended too.
 * @param signal - The caller's.
 * @param ask - Starts both; given the signal to pass on.
 * @throws What the first one that fails throws; the signal's reason when it is aborted. */
export async function askTogether<A, B>(
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => readonly [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.all(ask(controller.signal))
  } finally {
    signal?.removeEventListener('abort', abort)
    controller.abort()
  }
}
