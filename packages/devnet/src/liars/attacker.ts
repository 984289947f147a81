import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type AccountKeys, deriveAccountKeys, deriveValidatorKey } from '../derive.ts'
import { encodeActiveParticipants } from '../encode-active-participants.ts'
import type { Epoch } from '../epochs.ts'
import type { StoreWrite } from '../state/multistore.ts'
import { INFERENCE_STORE, pocBatchKey, recordKey } from '../state/store-keys.ts'
import { lengthPrefixed } from '../write-protobuf.ts'

/** Where lies send their victims; the name can never resolve. */
export const ATTACKER_URL = 'http://attacker.invalid:8080'

/** A store in which anybody may write under any key, as contracts do. */
export const OPEN_STORE = 'wasm'

/** Sorts behind every active set. */
export const LATE_KEY: Uint8Array = /* @__PURE__ */ utf8ToBytes('zz')

/** The account that the attacker holds. */
function attackerKeys(seed: string): AccountKeys {
  return deriveAccountKeys(seed, 'attacker')
}

/** The epoch as the attacker would have it: one participant, theirs. */
export function toAttackedEpoch(epoch: Epoch, seed: string): Epoch {
  const member = {
    index: -1,
    address: attackerKeys(seed).address,
    validatorKey: deriveValidatorKey(seed, 'attacker/validator'),
    weight: 1_000,
    inferenceUrl: ATTACKER_URL,
    models: [...new Set(epoch.members.flatMap(({ models }) => models))],
  }
  return { ...epoch, members: [member], excluded: [] }
}

/** Key of the batch whose tail reads as an active set's key: the id ends in a length and that key. */
export function swallowedRecordKey(epoch: Epoch, seed: string): Uint8Array {
  return batchKey(epoch, seed, recordKey(epoch.epochId))
}

/** Key of the batch whose tail reads as a key behind all active sets. */
export function swallowedLateKey(epoch: Epoch, seed: string): Uint8Array {
  return batchKey(epoch, seed, LATE_KEY)
}

function batchKey({ pocStartBlockHeight }: Epoch, seed: string, tail: Uint8Array): Uint8Array {
  return pocBatchKey(pocStartBlockHeight, attackerKeys(seed).address, lengthPrefixed(tail))
}

/** What the attacker may write into the honest chain by its own rules: proof-of-compute batches and a contract's data.
 * @see Proof reference, section 1.4 */
export function attackerWrites(epoch: Epoch, seed: string): StoreWrite[] {
  const value = encodeActiveParticipants(toAttackedEpoch(epoch, seed))
  return [
    { store: INFERENCE_STORE, key: swallowedRecordKey(epoch, seed), value },
    { store: INFERENCE_STORE, key: swallowedLateKey(epoch, seed), value: utf8ToBytes('batch') },
    { store: OPEN_STORE, key: recordKey(epoch.epochId), value },
  ]
}
