import { startTimer } from './start-timer.ts'

/** What a waiter is made with. */
export interface WaiterOptions {
  readonly priority: number
  readonly kind: string | undefined
  readonly signal: AbortSignal
  /** Asks for what is waited for: undefined when it was taken, else when to ask again, in milliseconds. */
  readonly take: () => number | undefined
  readonly fail: (reason: unknown) => void
  /** The moment has come at which it was to ask again. */
  readonly onTime: () => void
  /** It gave up: its signal or its time. */
  readonly onGiveUp: () => void
  /** Called once, when the wait is over. */
  readonly leave: () => void
  readonly now: () => number
  readonly timeoutMs: number
  readonly onTimeout: () => Error
}

/** One call in the line: its two timers and its one listener, all gone when the wait is over. */
export class Waiter {
  readonly #options: WaiterOptions
  readonly #limit: ReturnType<typeof setTimeout> | undefined
  #wake: ReturnType<typeof setTimeout> | undefined
  #isOver = false

  constructor(options: WaiterOptions) {
    this.#options = options
    this.#limit = startTimer(() => this.#giveUp(options.onTimeout()), options.timeoutMs)
    options.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  get priority(): number {
    return this.#options.priority
  }

  get kind(): string | undefined {
    return this.#options.kind
  }

  /** Asks again, and leaves when that ends the wait. Returns false when it goes on. */
  ask(): boolean {
    if (this.#isOver) return true
    try {
      const untilMs = this.#options.take()
      if (untilMs === undefined) this.#leave()
      else this.sleepUntil(untilMs)
      return untilMs === undefined
    } catch (error) {
      this.#fail(error)
      return true
    }
  }

  /** Has it asked at `atMs` without being woken; Infinity means only when woken. */
  sleepUntil(atMs: number): void {
    clearTimeout(this.#wake)
    this.#wake = startTimer(this.#options.onTime, atMs - this.#options.now())
  }

  readonly #onAbort = (): void => this.#giveUp(this.#options.signal.reason)

  #giveUp(reason: unknown): void {
    this.#fail(reason)
    this.#options.onGiveUp()
  }

  #fail(reason: unknown): void {
    this.#leave()
    this.#options.fail(reason)
  }

  #leave(): void {
    this.#isOver = true
    clearTimeout(this.#wake)
    clearTimeout(this.#limit)
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    this.#options.leave()
  }
}
