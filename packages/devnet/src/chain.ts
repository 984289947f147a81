import { findLast } from './find-last.ts'
import { PAST_STEP_NS } from './history.ts'

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
   * @throws RangeError when `lagMs` is no number, or more than 30 years. */
  setLagMs(lagMs: number): void
}

const NS_PER_MS = 1_000_000n

/** 30 years; times stay such as can be written. */
const MAX_LAG_MS = 946_080_000_000

/** Blocks of the minute before the start; those of the epochs before lie further apart. */
const RECENT_BLOCKS = 10
const RECENT_STEP_NS = 1_000_000_000n

/** Blocks at even distances by the wall clock, until the next run begins. */
interface Run {
  readonly fromHeight: number
  readonly atNs: bigint
  readonly stepNs: bigint
}

/** A chain whose blocks fall due by the clock. Blocks are counted when somebody looks, so there is no timer to stop. */
export class Chain implements DevnetChain {
  readonly #now: () => number
  readonly #blockTimeMs: number
  #lagMs = 0
  #height: number
  #blockAtMs: number
  readonly #past: Run
  readonly #runs: Run[]

  constructor({ now, blockTimeMs, height }: { now: () => number; blockTimeMs: number; height: number }) {
    this.#now = now
    this.#blockTimeMs = blockTimeMs
    this.#height = height
    this.#blockAtMs = now()
    const fromHeight = height - RECENT_BLOCKS
    const atNs = this.#dueNs - BigInt(RECENT_BLOCKS) * RECENT_STEP_NS
    this.#past = { fromHeight, atNs, stepNs: PAST_STEP_NS }
    this.#runs = [{ fromHeight, atNs, stepNs: RECENT_STEP_NS }]
  }

  get height(): number {
    this.#makeDueBlocks()
    return this.#height
  }

  get blockTimeNs(): bigint {
    this.#makeDueBlocks()
    return this.#dueNs - this.#lagNs
  }

  /** When the block at a height falls due, blocks before the start included. A lag moves them all. */
  timeNsAt(height: number): bigint {
    const { fromHeight, atNs, stepNs } = findLast(this.#runs, (run) => run.fromHeight <= height) ?? this.#past
    return atNs + BigInt(height - fromHeight) * stepNs - this.#lagNs
  }

  advance(blocks = 1): void {
    if (!(Number.isSafeInteger(blocks) && blocks >= 1)) throw new RangeError('blocks must be a whole number >= 1.')
    this.#makeDueBlocks()
    this.#height += blocks
    this.#blockAtMs = Math.max(this.#blockAtMs, this.#now())
    // All at once; but no two blocks have the same time.
    this.#addRun({ fromHeight: this.#height - blocks + 1, atNs: this.#dueNs - BigInt(blocks - 1), stepNs: 1n })
  }

  setLagMs(lagMs: number): void {
    if (!(Math.abs(lagMs) <= MAX_LAG_MS)) throw new RangeError(`lagMs must be from -${MAX_LAG_MS} to ${MAX_LAG_MS}.`)
    this.#lagMs = lagMs
  }

  /** When the latest block fell due, by the wall clock. */
  get #dueNs(): bigint {
    return BigInt(Math.floor(this.#blockAtMs)) * NS_PER_MS
  }

  get #lagNs(): bigint {
    return BigInt(Math.round(this.#lagMs * Number(NS_PER_MS)))
  }

  #makeDueBlocks(): void {
    if (this.#blockTimeMs === 0) return
    const due = Math.floor((this.#now() - this.#blockAtMs) / this.#blockTimeMs)
    if (due < 1) return
    const fromHeight = this.#height + 1
    this.#height += due
    this.#blockAtMs += due * this.#blockTimeMs
    const stepNs = BigInt(Math.round(this.#blockTimeMs * 1e6))
    this.#addRun({ fromHeight, atNs: this.#dueNs - BigInt(due - 1) * stepNs, stepNs })
  }

  /** A run that goes on as the one before it does is that one. */
  #addRun(run: Run): void {
    const goesOn = this.#runs.at(-1)?.stepNs === run.stepNs && this.timeNsAt(run.fromHeight) === run.atNs - this.#lagNs
    if (!goesOn) this.#runs.push(run)
  }
}
