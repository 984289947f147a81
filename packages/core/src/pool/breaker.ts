/** Where a breaker stands: letting everything through, nothing, or one probe. */
export type BreakerPhase = 'closed' | 'open' | 'halfOpen'

/** When a breaker opens and for how long. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failureThreshold: number
  /** First pause, in milliseconds; doubles with every opening that no success separates. */
  readonly cooldownMs: number
  /** Longest pause that growth alone can reach, in milliseconds. */
  readonly maxCooldownMs: number
  /** Share of a grown pause that chance may add, 0 to 1, so that members do not come back all at once. */
  readonly jitter: number
  /** Source of chance, [0, 1). */
  readonly random: () => number
}

/** Handed out when an attempt starts, given back with its result. Results of attempts that started before the last
 * change of state do not change it again, unless they are told to stay away: 500 calls failing at once are one opening. */
export interface BreakerTicket {
  readonly generation: number
  readonly probe: boolean
}

/** How a failure weighs. */
export interface BreakerFailure {
  /** Moment of the failure, in milliseconds. */
  readonly nowMs: number
  /** Open at once instead of counting. */
  readonly immediate: boolean
  /** A pause that somebody asked for, in milliseconds; replaces the grown one. */
  readonly pauseMs?: number | undefined
}

/** A circuit breaker: closed -> open for a while -> half-open with one probe -> closed. Pure: time comes in as arguments. */
export class Breaker {
  readonly #options: BreakerOptions
  #generation = 0
  #failures = 0
  #openings = 0
  #openUntilMs: number | undefined
  #probe: BreakerTicket | undefined
  #isRest = false

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  phase(nowMs: number): BreakerPhase {
    if (this.#openUntilMs === undefined) return 'closed'
    return nowMs < this.#openUntilMs ? 'open' : 'halfOpen'
  }

  /** When attempts are admitted again, in milliseconds: 0 when closed. A running probe does not move it. */
  get readyAtMs(): number {
    return this.#openUntilMs ?? 0
  }

  /** True while a half-open breaker waits for its one probe. */
  get isProbing(): boolean {
    return this.#probe !== undefined
  }

  /** Starts an attempt. Call only when `readyAtMs` has passed and no probe is running. */
  enter(): BreakerTicket {
    const ticket = { generation: this.#generation, probe: this.#openUntilMs !== undefined }
    if (ticket.probe) this.#probe = ticket
    return ticket
  }

  /** The attempt showed the member alive. Returns true when this closed the breaker. */
  succeed(ticket: BreakerTicket): boolean {
    if (ticket.generation !== this.#generation) return false
    this.#failures = 0
    if (this.#openUntilMs === undefined) return false
    this.#openUntilMs = undefined
    this.#openings = 0
    this.#nextGeneration()
    return true
  }

  /** The attempt failed. Returns true when this opened the breaker. */
  fail(ticket: BreakerTicket, failure: BreakerFailure): boolean {
    const isStale = ticket.generation !== this.#generation
    // Closed again since, it was told later than that to stay away: what opened it before is no reason not to listen.
    const isHeeded = this.#openUntilMs === undefined && failure.pauseMs !== undefined
    if (isStale && !isHeeded) {
      this.#extend(failure)
      return false
    }
    this.#failures += 1
    const opens = ticket.probe || failure.immediate || this.#failures >= this.#options.failureThreshold
    if (!opens) return false
    this.#openUntilMs = failure.nowMs + (failure.pauseMs ?? this.#grownPauseMs())
    this.#isRest = failure.immediate
    this.#openings += 1
    this.#failures = 0
    this.#nextGeneration()
    return true
  }

  /** The attempt's answer has begun, and its end may be long in coming. A member that had asked for a rest has had it, so the
   * next probe need not wait for that end; after failures only an end shows that there are no more of them. Either way the
   * end closes the breaker, or opens it again. */
  begin(ticket: BreakerTicket): void {
    if (this.#isRest) this.release(ticket)
  }

  /** The attempt proved nothing: its caller aborted. */
  release(ticket: BreakerTicket): void {
    if (this.#probe === ticket) this.#probe = undefined
  }

  /** Closes, and forgets every failure; results of attempts in flight no longer count. */
  reset(): void {
    this.#openUntilMs = undefined
    this.#failures = 0
    this.#openings = 0
    this.#nextGeneration()
  }

  /** A later failure that asks for a longer pause moves the end of the present one. */
  #extend({ nowMs, pauseMs }: BreakerFailure): void {
    if (pauseMs === undefined || this.#openUntilMs === undefined) return
    this.#openUntilMs = Math.max(this.#openUntilMs, nowMs + pauseMs)
  }

  #grownPauseMs(): number {
    const { cooldownMs, maxCooldownMs, jitter, random } = this.#options
    const pauseMs = Math.min(cooldownMs * 2 ** Math.min(this.#openings, MAX_DOUBLINGS), maxCooldownMs)
    return Math.round(pauseMs * (1 + jitter * random()))
  }

  #nextGeneration(): void {
    this.#generation += 1
    this.#probe = undefined
  }
}

/** Enough to pass any cap; without a bound the factor becomes Infinity, and a pause of 0 times that is not a number. */
const MAX_DOUBLINGS = 50
