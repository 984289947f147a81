import { startTimer } from './start-timer.ts'

/** One call's abort and timers: a single listener on the caller's signal, whatever the number of attempts.
 * The attempt in progress is aborted with the caller's reason, the deadline's, or a clock's of its own. */
export class CallScope {
  readonly #callerSignal: AbortSignal | undefined
  readonly #onCallerAbort = (): void => this.#abort(this.#callerSignal?.reason)
  #deadlineTimer: ReturnType<typeof setTimeout> | undefined
  #controller: AbortController | undefined
  #end: { readonly reason: unknown } | undefined
  #attempt: AttemptScope | undefined

  constructor(callerSignal: AbortSignal | undefined) {
    this.#callerSignal = callerSignal
    if (callerSignal?.aborted) this.#abort(callerSignal.reason)
    else callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true })
  }

  /** Ends the call after `deadlineMs`, with a reason made at that moment. */
  setDeadline(deadlineMs: number, createReason: () => unknown): void {
    this.#deadlineTimer = startTimer(() => this.#abort(createReason()), deadlineMs)
  }

  /** True when the whole call is over: by the caller, the deadline or a reset. */
  get aborted(): boolean {
    return this.#end !== undefined
  }

  /** Why the call is over; undefined while it is not. */
  get reason(): unknown {
    return this.#end?.reason
  }

  /** The same as a signal, made when somebody first asks: most calls never wait, and a controller is dear. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#end) this.#controller.abort(this.#end.reason)
    return this.#controller.signal
  }

  throwIfAborted(): void {
    if (this.#end) throw this.#end.reason
  }

  get callerAborted(): boolean {
    return this.#callerSignal?.aborted ?? false
  }

  /** Ends the call from outside. */
  abort(reason: unknown): void {
    this.#abort(reason)
  }

  startAttempt(): AttemptScope {
    this.#attempt = new AttemptScope()
    if (this.#end) this.#attempt.abort(this.#end.reason)
    return this.#attempt
  }

  /** Lets go of the caller's signal and of the deadline. */
  dispose(): void {
    clearTimeout(this.#deadlineTimer)
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort)
  }

  #abort(reason: unknown): void {
    this.#end ??= { reason }
    this.#controller?.abort(this.#end.reason)
    this.#attempt?.abort(this.#end.reason)
  }
}

/** Which clock: to the headers, to the first content, between two events, to the end of an answer that is not a stream. */
export type AttemptClock = 'no-headers' | 'no-content' | 'stalled' | 'no-answer'

/** Says which clock of an attempt ran out. */
class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout'
  readonly code: AttemptClock

  constructor(code: AttemptClock, limitMs: number) {
    super(`${code} within ${limitMs} ms`)
    this.code = code
  }
}

/** One attempt's abort and its one running clock. */
export class AttemptScope {
  readonly #controller = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #giveUp: ((reason: unknown) => void) | undefined

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    clearTimeout(this.#timer)
    this.#controller.abort(reason)
    this.#giveUp?.(this.signal.reason)
  }

  /** Starts a clock in place of the running one; Infinity means none. */
  arm(code: AttemptClock, limitMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = startTimer(() => this.abort(new AttemptTimeout(code, limitMs)), limitMs)
  }

  disarm(): void {
    clearTimeout(this.#timer)
  }

  /** Waits for `promise` or the abort, whichever is first, so that a transport that ignores its signal cannot hold a call.
   * An attempt waits for one thing at a time. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject
      if (this.signal.aborted) reject(this.signal.reason)
      promise.then(resolve, reject)
    })
  }
}
