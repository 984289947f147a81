import { decodeBech32 } from '@gonka/protocol'
import { fromBase64, fromHex } from './bytes.ts'
import { isMissing, type Place, unexpected } from './json-place.ts'

const EMPTY: Uint8Array = new Uint8Array(0)
/** Longest app hash that is read. Chains of the Cosmos SDK have 32 bytes; the protocol sets no limit. */
const MAX_APP_HASH_BYTES = 64
/** Longest signature text that is read: enough for every kind of key, so that the length can be told. */
const MAX_SIGNATURE_CHARACTERS = 256

/** Reads a hash of 32 bytes, or none: 64 hex digits or 44 characters of base64. The length tells which; nothing is guessed. */
export function parseHash(place: Place): Uint8Array {
  const { value } = place
  if (isMissing(place) || value === '') return EMPTY
  const bytes = typeof value === 'string' ? decodeBySize(value, 32) : undefined
  if (!bytes) throw unexpected(place, 'a hash of 32 bytes as 64 hex digits or 44 characters of base64')
  return bytes
}

/** Reads an application hash: like {@link parseHash}, or hex of another length. */
export function parseAppHash(place: Place): Uint8Array {
  const { value } = place
  if (isMissing(place)) return EMPTY
  const text = typeof value === 'string' && value.length <= 2 * MAX_APP_HASH_BYTES ? value : undefined
  const bytes = text === undefined ? undefined : (decodeBySize(text, 32) ?? fromHex(text))
  if (!bytes) throw unexpected(place, `a hash of up to ${MAX_APP_HASH_BYTES} bytes in hex, or of 32 bytes in base64`)
  return bytes
}

/** Reads an address of 20 bytes, or none: 40 hex digits, 28 characters of base64, or bech32 of any prefix. */
export function parseAddressBytes(place: Place): Uint8Array {
  const { value } = place
  if (isMissing(place) || value === '') return EMPTY
  const bytes = typeof value === 'string' ? (decodeBySize(value, 20) ?? decodeBech32(value)?.bytes) : undefined
  if (bytes?.length !== 20) throw unexpected(place, 'an address of 20 bytes in hex, base64 or bech32')
  return bytes
}

/** Reads a signature, of any length: base64, or nothing. */
export function parseSignature(place: Place): Uint8Array {
  const { value } = place
  if (isMissing(place)) return EMPTY
  const short = typeof value === 'string' && value.length <= MAX_SIGNATURE_CHARACTERS
  const bytes = short ? fromBase64(value) : undefined
  if (!bytes) throw unexpected(place, `base64 of at most ${MAX_SIGNATURE_CHARACTERS} characters`)
  return bytes
}

/** Hex and base64 of the same bytes differ in length, so a text that could be both is read as what its length says. */
function decodeBySize(text: string, sizeBytes: number): Uint8Array | undefined {
  if (text.length === sizeBytes * 2) return fromHex(text)
  if (text.length !== 4 * Math.ceil(sizeBytes / 3)) return undefined
  const bytes = fromBase64(text)
  return bytes?.length === sizeBytes ? bytes : undefined
}
