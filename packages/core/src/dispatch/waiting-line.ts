import { QueueFullError, QueueTimeoutError } from '../errors.ts'

/** How many calls may wait for a member, and for how long. */
export interface QueueSettings {
  /** Most calls waiting at once; one more is refused. @default 1_000 */
  readonly maxLength?: number | undefined
  /** Longest wait of one call, in milliseconds. @default 60_000 */
  readonly timeoutMs?: number | undefined
}

/** What a waiting call gets when it asks again: what it waited for, or when to ask without being woken. */
export type Take<T> =
  | { readonly kind: 'taken'; readonly value: T }
  | { readonly kind: 'wait'; readonly untilMs: number }

interface Waiter {
  /** Asks again; true when the waiter is done and leaves the line. */
  readonly ask: () => boolean
}

/** Calls waiting for a member, first come first served. Nothing polls: a waiter asks when somebody wakes the line, or
 * when the moment it was told has come. */
export class WaitingLine {
  readonly #waiters = new Set<Waiter>()
  readonly #maxLength: number
  readonly #timeoutMs: number
  readonly #now: () => number

  constructor(settings: QueueSettings, now: () => number) {
    const { maxLength = 1_000, timeoutMs = 60_000 } = settings
    if (!(maxLength >= 0)) throw new RangeError(`queue.maxLength must be a number >= 0; got ${maxLength}.`)
    if (!(timeoutMs > 0)) throw new RangeError(`queue.timeoutMs must be a number > 0; got ${timeoutMs}.`)
    this.#maxLength = maxLength
    this.#timeoutMs = timeoutMs
    this.#now = now
  }

  get length(): number {
    return this.#waiters.size
  }

  /** Waits until `take` gives a value.
   * @param take - Asked at once and on every wake; what it throws ends the wait.
   * @param signal - Ends the wait with its reason.
   * @throws QueueFullError, QueueTimeoutError, the signal's reason, or what `take` throws. */
  async wait<T>(take: () => Take<T>, signal: AbortSignal): Promise<T> {
    const first = take()
    if (first.kind === 'taken') return first.value
    if (this.#waiters.size >= this.#maxLength) throw new QueueFullError(this.#waiters.size)
    return await this.#enqueue(take, { signal, untilMs: first.untilMs })
  }

  /** Lets the waiters ask again, the longest waiting first. */
  wake(): void {
    for (const waiter of this.#waiters) if (waiter.ask()) this.#waiters.delete(waiter)
  }

  #enqueue<T>(take: () => Take<T>, { signal, untilMs }: { signal: AbortSignal; untilMs: number }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let wakeTimer: ReturnType<typeof setTimeout> | undefined
      const leave = (finish: () => void): true => {
        clearTimeout(wakeTimer)
        clearTimeout(limitTimer)
        signal.removeEventListener('abort', onAbort)
        this.#waiters.delete(waiter)
        finish()
        return true
      }
      const wakeAt = (atMs: number): void => {
        clearTimeout(wakeTimer)
        if (Number.isFinite(atMs))
          wakeTimer = setTimeout(waiter.ask, Math.min(Math.max(0, atMs - this.#now()), MAX_TIMER_MS))
      }
      const ask = (): boolean => {
        try {
          const answer = take()
          if (answer.kind === 'taken') return leave(() => resolve(answer.value))
          wakeAt(answer.untilMs)
          return false
        } catch (error) {
          return leave(() => reject(error))
        }
      }
      const waiter: Waiter = { ask }
      const onAbort = (): true => leave(() => reject(signal.reason))
      const limitTimer = setTimeout(() => leave(() => reject(new QueueTimeoutError(this.#timeoutMs))), this.#timeoutMs)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.add(waiter)
      wakeAt(untilMs)
      if (signal.aborted) onAbort()
    })
  }
}

/** Longest delay that timers take without wrapping around. */
const MAX_TIMER_MS = 2_147_483_647
