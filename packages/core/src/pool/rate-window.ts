interface Spent {
  readonly atMs: number
  amount: number
}

/** A budget per sliding minute: requests, or tokens. */
export class RateWindow {
  readonly #limit: number
  #spent: Spent[] = []
  #sum = 0

  /** @param limit - Most that may be spent within any 60 seconds; Infinity for no limit. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** When `amount` may be spent, in milliseconds: 0 for now. More than the whole limit waits for an empty window. */
  readyAtMs(amount: number, nowMs: number): number {
    if (this.#limit === Number.POSITIVE_INFINITY) return 0
    this.#forget(nowMs)
    let excess = this.#sum + Math.min(amount, this.#limit) - this.#limit
    if (excess <= 0) return 0
    for (const { atMs, amount: freed } of this.#spent) {
      excess -= freed
      if (excess <= 0) return atMs + MINUTE_MS
    }
    return 0
  }

  /** Spends. Returns a function that corrects the amount once the real one is known. */
  spend(amount: number, nowMs: number): (actual: number) => void {
    if (this.#limit === Number.POSITIVE_INFINITY) return ignore
    const entry = { atMs: nowMs, amount }
    this.#spent.push(entry)
    this.#sum += amount
    return (actual) => {
      if (this.#spent.includes(entry)) this.#sum += actual - entry.amount
      entry.amount = actual
    }
  }

  #forget(nowMs: number): void {
    const firstKept = this.#spent.findIndex(({ atMs }) => atMs > nowMs - MINUTE_MS)
    const gone = firstKept === -1 ? this.#spent.length : firstKept
    if (gone === 0) return
    for (const { amount } of this.#spent.splice(0, gone)) this.#sum -= amount
  }
}

const MINUTE_MS = 60_000

function ignore(): void {}
