import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** The store that holds the active sets.
 * @see Protocol reference, section 3.3 */
export const INFERENCE_STORE = 'inference'

const RECORD_PREFIX = 'ActiveParticipants/value/'

/** Key of an epoch's active set.
 * @see Protocol reference, section 3.3 */
export function recordKey(epochId: number): Uint8Array {
  return concatBytes(utf8ToBytes(RECORD_PREFIX), bigEndian(epochId), utf8ToBytes('/'))
}

/** Key of a registered host. */
export function participantKey(address: string): Uint8Array {
  return concatBytes(Uint8Array.of(0), utf8ToBytes(address))
}

/** Key of a proof-of-compute batch. Its tail, the batch id, is free text that the submitter chooses.
 * @see Proof reference, sections 1.4 and 4.1 */
export function pocBatchKey(pocStartBlockHeight: number, address: string, batchId: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(2), bigEndian(pocStartBlockHeight), utf8ToBytes(address), batchId)
}

/** Key of an epoch's heights. */
export function epochKey(epochId: number): Uint8Array {
  return concatBytes(Uint8Array.of(11), bigEndian(epochId))
}

/** 8 bytes, most significant first. */
export function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
