/** How many further attempts at members that already failed a call the router allows itself, over all calls. */
export interface RetryBudgetSettings {
  /** Retries that every call earns, >= 0. @default 0.2 */
  readonly ratio?: number | undefined
  /** Retries allowed per second even when there are few calls, >= 0. @default 10 */
  readonly minPerSecond?: number | undefined
}

/** A purse of retries: each call puts a share in, each retry takes one out. Keeps retries from multiplying the load on
 * upstreams that are all failing. Going to an untried member is never charged. */
export class RetryBudget {
  readonly #ratio: number
  readonly #minPerSecond: number
  #earned = 0
  #updatedMs: number | undefined

  constructor({ ratio = 0.2, minPerSecond = 10 }: RetryBudgetSettings) {
    if (!(ratio >= 0)) throw new RangeError(`retry.budget.ratio must be a number >= 0; got ${ratio}.`)
    if (!(minPerSecond >= 0))
      throw new RangeError(`retry.budget.minPerSecond must be a number >= 0; got ${minPerSecond}.`)
    this.#ratio = ratio
    this.#minPerSecond = minPerSecond
  }

  /** A call began. */
  earn(): void {
    this.#earned = Math.min(this.#earned + this.#ratio, MOST_KEPT)
  }

  /** Whether a retry may be made now. */
  canSpend(nowMs: number): boolean {
    const sinceMs = nowMs - (this.#updatedMs ?? nowMs - 1_000)
    this.#updatedMs = nowMs
    const floor = this.#minPerSecond
    if (this.#earned < floor) this.#earned = Math.min(floor, this.#earned + (sinceMs / 1_000) * floor)
    return this.#earned >= ONE
  }

  /** A retry was made. */
  spend(): void {
    this.#earned -= 1
  }
}

/** One retry, less what adding up fractions may lose. */
const ONE = 1 - 1e-9

/** An idle hour must not save up for a storm. */
const MOST_KEPT = 1_000
