import type { TrustedState } from './types.ts'

/** Bounds the memory: a state may hold a whole validator set. */
const MAX_STATES = 256

/** The trusted states of one client, by height. */
export class TrustedChain {
  #states: readonly TrustedState[] = []

  /** The newest. */
  get latest(): TrustedState | undefined {
    return this.#states.at(-1)
  }

  /** The one at a height. */
  at(height: bigint): TrustedState | undefined {
    return this.#states.find(({ header }) => header.height === height)
  }

  /** The nearest one below a height. */
  below(height: bigint): TrustedState | undefined {
    return this.#states.filter(({ header }) => header.height < height).at(-1)
  }

  /** The nearest one above a height. */
  above(height: bigint): TrustedState | undefined {
    return this.#states.find(({ header }) => header.height > height)
  }

  /** Adds states; of two at the same height the first stays. The lowest is never dropped: all others can be reached from it. */
  add(...states: readonly TrustedState[]): void {
    const fresh = states.filter(({ header }) => !this.at(header.height))
    const all = [...this.#states, ...fresh].sort((a, b) => Number(a.header.height - b.header.height))
    this.#states = [...all.slice(0, 1), ...all.slice(1).slice(1 - MAX_STATES)]
  }
}
