/** Heights and block times of the devnet's chain. */
export interface DevnetChain {
  /** Height of the latest block. */
  readonly height: number
  /** Time of the latest block in nanoseconds since the Unix epoch: what nodes compare request timestamps with. */
  readonly blockTimeNs: bigint
  /** Makes `blocks` blocks now. @default 1
   * @throws RangeError when `blocks` is not a whole number >= 1. */
  advance(blocks?: number): void
  /** Puts block time `lagMs` behind the wall clock, or ahead of it when negative. Takes effect at once.
   * @throws RangeError when `lagMs` is not finite. */
  setLagMs(lagMs: number): void
}

/** The chain's id, as headers and `/status` name it. */
export const CHAIN_ID = 'gonka-sim-1'

const NS_PER_MS = 1_000_000n

/** A chain whose blocks fall due by the clock. Blocks are counted when somebody looks, so there is no timer to stop. */
export class Chain implements DevnetChain {
  readonly #now: () => number
  readonly #blockTimeMs: number
  #lagMs = 0
  #height: number
  #blockAtMs: number

  constructor({ now, blockTimeMs, height }: { now: () => number; blockTimeMs: number; height: number }) {
    this.#now = now
    this.#blockTimeMs = blockTimeMs
    this.#height = height
    this.#blockAtMs = now()
  }

  get height(): number {
    this.#makeDueBlocks()
    return this.#height
  }

  get blockTimeNs(): bigint {
    this.#makeDueBlocks()
    return BigInt(Math.floor(this.#blockAtMs - this.#lagMs)) * NS_PER_MS
  }

  advance(blocks = 1): void {
    if (!(Number.isSafeInteger(blocks) && blocks >= 1)) throw new RangeError('blocks must be a whole number >= 1.')
    this.#makeDueBlocks()
    this.#height += blocks
    this.#blockAtMs = Math.max(this.#blockAtMs, this.#now())
  }

  setLagMs(lagMs: number): void {
    if (!Number.isFinite(lagMs)) throw new RangeError('lagMs must be a finite number of milliseconds.')
    this.#lagMs = lagMs
  }

  #makeDueBlocks(): void {
    if (this.#blockTimeMs === 0) return
    const due = Math.floor((this.#now() - this.#blockAtMs) / this.#blockTimeMs)
    if (due < 1) return
    this.#height += due
    this.#blockAtMs += due * this.#blockTimeMs
  }
}
