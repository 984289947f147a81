import type { Chain } from './chain.ts'
import { BlockMaker } from './consensus/block-maker.ts'
import type { Block, Commit, Validator } from './consensus/types.ts'
import { toValidators } from './consensus/validator-set.ts'
import type { Epochs } from './epochs.ts'
import { findLast } from './find-last.ts'
import { ChainState } from './state/chain-state.ts'
import type { Multistore } from './state/multistore.ts'

/** What the ledger is made from. */
export interface LedgerSource {
  readonly seed: string
  readonly chainId: string
  readonly chain: Chain
  readonly epochs: Epochs
  readonly firstHeight: number
}

/** The chain itself: blocks, votes, validators and state at every height, made when somebody asks.
 * The same seed, members and clock give the same ledger, in whatever order its blocks are asked for. */
export class Ledger {
  readonly #epochs: Epochs
  readonly #sets: { readonly from: number; readonly validators: readonly Validator[] }[] = []
  readonly #state: ChainState
  readonly #blocks: BlockMaker

  constructor({ seed, chainId, chain, epochs, firstHeight }: LedgerSource) {
    this.#epochs = epochs
    this.#state = new ChainState({ seed, epochs, firstHeight })
    this.#blocks = new BlockMaker({
      seed,
      chainId,
      firstHeight,
      parent: undefined,
      timeNsAt: (height) => chain.timeNsAt(height),
      validatorsAt: (height) => this.validatorsAt(height),
      appHashAfter: (height) => this.stateAfter(height).appHash,
    })
  }

  blockAt(height: number): Block {
    return this.#blocks.blockAt(height)
  }

  commitAt(height: number): Commit {
    return this.#blocks.commitAt(height)
  }

  stateAfter(height: number): Multistore {
    return this.#state.after(height)
  }

  /** The consensus set: of the latest epoch that took effect; before the first one, of that one. */
  validatorsAt(height: number): readonly Validator[] {
    const epochs = this.#epochs.all
    for (const { members, effectiveBlockHeight } of epochs.slice(this.#sets.length)) {
      this.#sets.push({ from: effectiveBlockHeight, validators: toValidators(members, this.#latestSet) })
    }
    const set = findLast(this.#sets, ({ from }) => from <= height) ?? this.#sets[0]
    return set?.validators ?? []
  }

  get #latestSet(): readonly Validator[] {
    return this.#sets.at(-1)?.validators ?? []
  }
}
