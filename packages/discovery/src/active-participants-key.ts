/** Name of the store that holds the record of an epoch. */
export const STORE_NAME = 'inference'

const PREFIX = 'ActiveParticipants/value/'
const SUFFIX = 0x2f

/** Computes the key under which the chain stores the participants of an epoch: prefix, big-endian uint64, slash.
 * @param epochId - 0 to 2^64 - 1.
 * @returns 34 bytes.
 * @see Protocol reference, section 3.3; `ActiveParticipantsFullKey` of the chain */
export function createActiveParticipantsKey(epochId: bigint): Uint8Array {
  const prefix = new TextEncoder().encode(PREFIX)
  const key = new Uint8Array(prefix.length + 9)
  key.set(prefix)
  new DataView(key.buffer).setBigUint64(prefix.length, epochId)
  key[key.length - 1] = SUFFIX
  return key
}
