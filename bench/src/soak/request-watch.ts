/** A time in which a participant is not listed. */
interface Absence {
  readonly fromMs: number
  toMs: number
}

/** What was seen of requests to participants that were listed no longer. */
export interface LateRequests {
  readonly count: number
  /** The longest that one came after its participant was taken off the list, in milliseconds. */
  readonly worstMs: number
}

/** Finds in the nodes' own logs the requests to participants that have left. */
export class RequestWatch {
  readonly #absences = new Map<string, Absence[]>()
  #seen = 0
  #count = 0
  #worstMs = 0

  /** Requests judged so far. */
  get seen(): number {
    return this.#seen
  }

  get late(): LateRequests {
    return { count: this.#count, worstMs: this.#worstMs }
  }

  /** Notes which participants are listed from now on, by address. One that never was is of no interest. */
  noteListed(listed: ReadonlySet<string>, atMs: number): void {
    for (const address of listed) {
      const absences = this.#absences.get(address) ?? []
      this.#absences.set(address, absences)
      const last = absences.at(-1)
      if (last && last.toMs > atMs) last.toMs = atMs
    }
    for (const [address, absences] of this.#absences) {
      const isAway = (absences.at(-1)?.toMs ?? 0) === Number.POSITIVE_INFINITY
      if (!listed.has(address) && !isAway) absences.push({ fromMs: atMs, toMs: Number.POSITIVE_INFINITY })
    }
  }

  /** Judges a request that the participant's node logged at that time. */
  judge(address: string, atMs: number): void {
    this.#seen += 1
    const absence = this.#absences.get(address)?.find(({ fromMs, toMs }) => fromMs < atMs && atMs < toMs)
    if (!absence) return
    this.#count += 1
    this.#worstMs = Math.max(this.#worstMs, atMs - absence.fromMs)
  }
}
