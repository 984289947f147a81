import { QueueFullError, QueueTimeoutError } from '../errors.ts'
import { Waiter } from './waiter.ts'

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

/** How one call waits. */
export interface WaitOptions {
  /** Ends the wait with its reason; asked for only when the call has to wait. */
  readonly signal: () => AbortSignal
  /** Higher goes first. @default 0 */
  readonly priority?: number | undefined
  /** Waiters of one kind want the same: once one is refused, a wake asks no other of that kind. @default each its own */
  readonly kind?: string | undefined
}

/** Calls waiting for a member: higher priority first, then first come, first served. Nothing polls: a waiter asks when
 * somebody wakes the line, or when the moment it was told has come. */
export class WaitingLine {
  readonly #maxLength: number
  readonly #timeoutMs: number
  readonly #now: () => number
  #waiters: readonly Waiter[] = []

  constructor(settings: QueueSettings, now: () => number) {
    const { maxLength = 1_000, timeoutMs = 60_000 } = settings
    if (!(maxLength >= 0)) throw new RangeError(`queue.maxLength must be a number >= 0; got ${maxLength}.`)
    if (!(timeoutMs > 0)) throw new RangeError(`queue.timeoutMs must be a number > 0; got ${timeoutMs}.`)
    this.#maxLength = maxLength
    this.#timeoutMs = timeoutMs
    this.#now = now
  }

  get length(): number {
    return this.#waiters.length
  }

  /** Waits until `take` gives a value.
   * @param take - Asked at once and on every wake; what it throws ends the wait.
   * @throws QueueFullError, QueueTimeoutError, the signal's reason, or what `take` throws. */
  async wait<T>(take: () => Take<T>, { signal, priority = 0, kind }: WaitOptions): Promise<T> {
    this.#askEarlier(kind, priority)
    const first = take()
    if (first.kind === 'taken') return first.value
    if (this.length >= this.#maxLength) throw new QueueFullError(this.length)
    const abort = signal()
    abort.throwIfAborted()
    return await new Promise<T>((resolve, reject) => {
      const waiter = new Waiter({
        priority,
        kind,
        signal: abort,
        take: () => settleTake(take, resolve),
        fail: reject,
        leave: () => this.#remove(waiter),
        onTime: () => this.#askFrom(waiter),
        onGiveUp: () => this.#askKind(kind),
        now: this.#now,
        timeoutMs: this.#timeoutMs,
        onTimeout: () => new QueueTimeoutError(this.#timeoutMs),
      })
      this.#join(waiter)
      waiter.sleepUntil(first.untilMs)
    })
  }

  /** Lets the waiters ask again, in their order. */
  wake(): void {
    const refused = new Set<string>()
    for (const waiter of this.#waiters) {
      if (waiter.kind !== undefined && refused.has(waiter.kind)) continue
      const isServed = waiter.ask()
      if (!isServed && waiter.kind !== undefined) refused.add(waiter.kind)
    }
  }

  /** A waiter's moment has come: of those that want the same, the first asks first. */
  #askFrom(waiter: Waiter): void {
    if (waiter.kind === undefined) waiter.ask()
    else this.#askKind(waiter.kind)
  }

  /** Lets those that want the same ask until one is refused. Only the first of them knows when to ask again: whenever it leaves
   * without a wake, the next has to take over. */
  #askKind(kind: string | undefined): void {
    if (kind === undefined) return
    for (const waiter of this.#waiters) if (waiter.kind === kind && !waiter.ask()) return
  }

  /** Those that wait for the same go before a newcomer, also when their moment has come and no timer has told them yet. */
  #askEarlier(kind: string | undefined, priority: number): void {
    if (kind === undefined) return
    for (const waiter of this.#waiters) {
      if (waiter.priority < priority) return
      if (waiter.kind === kind && !waiter.ask()) return
    }
  }

  #join(waiter: Waiter): void {
    const behind = this.#waiters.findIndex(({ priority }) => priority < waiter.priority)
    const place = behind === -1 ? this.#waiters.length : behind
    this.#waiters = [...this.#waiters.slice(0, place), waiter, ...this.#waiters.slice(place)]
  }

  #remove(waiter: Waiter): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter)
  }
}

/** Asks once: resolves and gives undefined when there is something to take, else says when to ask again. */
function settleTake<T>(take: () => Take<T>, resolve: (value: T) => void): number | undefined {
  const answer = take()
  if (answer.kind === 'wait') return answer.untilMs
  resolve(answer.value)
  return undefined
}
