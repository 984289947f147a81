/** Limits of one task. */
export interface TimeoutOptions {
  /** Milliseconds until the task is given up. */
  readonly timeoutMs: number
  /** Makes the error of a task that was given up. */
  readonly createTimeoutError: () => Error
  readonly signal?: AbortSignal | undefined
}

/** Runs a task under a time limit and the caller's signal; settles on either at once, even when the task ignores its own
 * signal. That signal is aborted at the end in every case, which frees the connection of an answer nobody reads on.
 * @throws `signal.reason` on abort; the timeout error when time is up; else what the task throws. */
export async function runWithTimeout<T>(
  task: (signal: AbortSignal) => Promise<T>,
  options: TimeoutOptions,
): Promise<T> {
  const { timeoutMs, createTimeoutError, signal } = options
  signal?.throwIfAborted()
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(createTimeoutError()), timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
      task(controller.signal).then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    controller.abort()
  }
}
