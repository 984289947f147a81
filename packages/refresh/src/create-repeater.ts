/** Runs a task again and again, each time a while after the last run ended. */
export interface Repeater {
  /** True between `start` and `stop`. */
  readonly isRunning: boolean
  /** Begins; the caller makes sure that it is not running. */
  start(firstDelayMs: number): void
  /** Ends; a run that is under way is not followed by another. */
  stop(): void
}

/** Builds a repeater whose timers keep no process alive.
 * @param task - One run; must not reject.
 * @param nextDelayMs - Asked after each run for the wait before the next, in milliseconds. */
export function createRepeater(task: () => Promise<unknown>, nextDelayMs: () => number): Repeater {
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule(delayMs: number): void {
    const scheduled = setTimeout(() => void run(scheduled), delayMs)
    timer = scheduled
    unref(scheduled)
  }

  async function run(own: typeof timer): Promise<void> {
    await task()
    // After stop(), or stop() and start(), during the task this chain of runs is over.
    if (timer === own) schedule(nextDelayMs())
  }

  return {
    get isRunning() {
      return timer !== undefined
    },
    start: schedule,
    stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

/** Node's timers keep the process alive unless told not to; other platforms have plain numbers. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}
