import type { Block, Commit, Validator } from './consensus/types.ts'
import type { Epoch } from './epochs.ts'
import type { Network } from './network.ts'
import type { ProvenValue } from './state/multistore.ts'

/** What to read: a key of a store in the state after the block at a height. */
export interface StateQuery {
  readonly store: string
  readonly key: Uint8Array
  readonly height: number
}

/** The chain as one node shows it. A liar shows another one than there is. */
export interface ChainView {
  readonly chainId: string
  /** Height of the latest block. */
  readonly height: number
  readonly firstHeight: number
  readonly blockAt: (height: number) => Block
  readonly commitAt: (height: number) => Commit
  readonly validatorsAt: (height: number) => readonly Validator[]
  readonly hasStore: (query: StateQuery) => boolean
  readonly prove: (query: StateQuery) => ProvenValue
  /** The epoch whose record is proven; undefined when there is none. */
  readonly epochOf: (wanted: number | 'current') => Epoch | undefined
  /** The epoch as the unproven list beside the proof tells it. */
  readonly listed: (epoch: Epoch) => Epoch
}

/** The chain as it is, at this moment. */
export function honestView({ chainId, chain, firstHeight, ledger, epochs }: Network): ChainView {
  return {
    chainId,
    height: chain.height,
    firstHeight,
    blockAt: (height) => ledger.blockAt(height),
    commitAt: (height) => ledger.commitAt(height),
    validatorsAt: (height) => ledger.validatorsAt(height),
    hasStore: ({ store, height }) => ledger.stateAfter(height).has(store),
    prove: ({ store, key, height }) => ledger.stateAfter(height).prove(store, key),
    epochOf: (wanted) => (wanted === 'current' ? epochs.current : epochs.find(wanted)),
    listed: (epoch) => epoch,
  }
}
