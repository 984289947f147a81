/** Limits of one task. */
export interface TimeoutOptions {
  /** Milliseconds until the task is given up. */
  readonly timeoutMs: number
  /** Makes the error of a task that was given up. */
  readonly createTimeoutError: () => Error
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined
}

/** Runs a task under a time limit and the caller's signal. Settles at once on either, also when the task ignores its signal;
 * the task's signal is aborted in every case, which frees the connection of an answer that nobody reads on.
 * @param task - Given the signal to pass on.
 * @param options - The limit, the error that stands for it, and the caller's signal.
 * @throws `signal.reason` when the caller aborts; the timeout error when time is up; else what the task throws.
 * @example
 * const answer = await runWithTimeout((signal) => fetch('http://node1.example:8000/v1/status', { signal }), {
 *   timeoutMs: 5_000,
 *   createTimeoutError: () => new Error('no answer within 5 s'),
 * }) */
export async function runWithTimeout<T>(
  task: (signal: AbortSignal) => Promise<T>,
  options: TimeoutOptions,
): Promise<T> {
  const { signal, timeoutMs, createTimeoutError } = options
  signal?.throwIfAborted()
  const controller = new AbortController()
  const ended = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  const abort = (): void => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(createTimeoutError()), timeoutMs)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([task(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    controller.abort()
  }
}
