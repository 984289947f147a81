/** How fast a member answers: percentiles over its latest answers, and an average that reacts to slowness at once. */
export class Latency {
  readonly #latest = new Float64Array(WINDOW)
  #count = 0
  #averageMs = 0
  #updatedMs = 0

  /** Adds one measurement. A slower one than the average replaces it; faster ones pull it down over about `DECAY_MS`. */
  add(ms: number, nowMs: number): void {
    this.#latest[this.#count % WINDOW] = ms
    this.#count += 1
    const keep = ms > this.#averageMs ? 0 : Math.exp(-(nowMs - this.#updatedMs) / DECAY_MS)
    this.#averageMs = this.#averageMs * keep + ms * (1 - keep)
    this.#updatedMs = nowMs
  }

  /** The peak-sensitive moving average, which fades while nothing is measured, so that a slow member is tried again. */
  averageMs(nowMs: number): number {
    return this.#averageMs * Math.exp(-(nowMs - this.#updatedMs) / DECAY_MS)
  }

  /** The `share`-th percentile (0 to 1) of the latest measurements, in milliseconds; undefined before the first. */
  percentileMs(share: number): number | undefined {
    const length = Math.min(this.#count, WINDOW)
    if (length === 0) return undefined
    const sorted = this.#latest.slice(0, length).sort()
    return sorted[Math.min(length - 1, Math.ceil(share * length) - 1)]
  }
}

/** Measurements that percentiles look back on. */
const WINDOW = 256
const DECAY_MS = 10_000
