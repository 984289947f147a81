import { utf8ToBytes } from '@noble/hashes/utils.js'
import { deriveBytes } from '../derive.ts'
import { encodeActiveParticipants } from '../encode-active-participants.ts'
import type { Epoch, EpochMember, Epochs } from '../epochs.ts'
import { findLast } from '../find-last.ts'
import { attackerWrites, OPEN_STORE } from '../liars/attacker.ts'
import { Multistore, type StoreWrite } from './multistore.ts'
import { bigEndian, epochKey, INFERENCE_STORE, participantKey, pocBatchKey, recordKey } from './store-keys.ts'

const OTHER_STORES = ['acc', 'authz', 'bank', 'distribution', 'gov', 'slashing', 'staking', 'upgrade', OPEN_STORE]
const KEYS_PER_OTHER_STORE = 5
const INFERENCES = 12

/** Hosts that sent a proof-of-compute batch in an epoch; enough to make the tree deep. */
const MAX_BATCHES = 16

/** What a chain's state is made from. */
export interface StateSource {
  readonly seed: string
  readonly epochs: Epochs
  /** State before the first block. */
  readonly firstHeight: number
}

/** The state after every block. It changes where an epoch's record is written, and nowhere else. */
export class ChainState {
  readonly #source: StateSource
  readonly #versions: { readonly height: number; readonly stores: Multistore }[]
  #epochsWritten = 0

  constructor(source: StateSource) {
    this.#source = source
    const height = source.firstHeight - 1
    this.#versions = [{ height, stores: new Multistore().write(height, genesisWrites(source.seed)) }]
  }

  /** @throws RangeError before the chain began. */
  after(height: number): Multistore {
    this.#writeEpochs()
    const version = findLast(this.#versions, (candidate) => candidate.height <= height)
    if (!version) throw new RangeError(`no state at height ${height}`)
    return version.stores
  }

  #writeEpochs(): void {
    const { epochs, seed } = this.#source
    for (const epoch of epochs.all.slice(this.#epochsWritten)) {
      const height = epoch.createdAtBlockHeight
      const stores = this.#versions.at(-1)?.stores ?? new Multistore()
      this.#versions.push({ height, stores: stores.write(height, epochWrites(epoch, seed)) })
      this.#epochsWritten++
    }
  }
}

function genesisWrites(seed: string): StoreWrite[] {
  const inferences = Array.from({ length: INFERENCES }, (_, index) => ({
    store: INFERENCE_STORE,
    key: Uint8Array.of(14, ...bigEndian(index)),
    value: deriveBytes(seed, `inference/${index}`),
  }))
  const others = OTHER_STORES.flatMap((store) =>
    Array.from({ length: KEYS_PER_OTHER_STORE }, (_, index) => ({
      store,
      key: utf8ToBytes(`${store}/${index}`),
      value: deriveBytes(seed, `${store}/${index}`),
    })),
  )
  return [...inferences, ...others]
}

function epochWrites(epoch: Epoch, seed: string): StoreWrite[] {
  const { members, epochId, pocStartBlockHeight } = epoch
  const write = (key: Uint8Array, value: Uint8Array): StoreWrite => ({ store: INFERENCE_STORE, key, value })
  const batchOf = ({ address }: EpochMember) => {
    const value = deriveBytes(seed, `batch/${epochId}/${address}`)
    return write(pocBatchKey(pocStartBlockHeight, address, utf8ToBytes(`batch-${epochId}`)), value)
  }
  return [
    ...members.map(({ address, inferenceUrl }) => write(participantKey(address), utf8ToBytes(inferenceUrl))),
    ...members.slice(0, MAX_BATCHES).map(batchOf),
    ...attackerWrites(epoch, seed),
    write(epochKey(epochId), bigEndian(pocStartBlockHeight)),
    write(recordKey(epochId), encodeActiveParticipants(epoch)),
  ]
}
