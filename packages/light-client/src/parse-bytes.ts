import { decodeBech32 } from '@gonka/protocol'
import { fromBase64, fromHex } from './bytes.ts'
import { isMissing, type Place, textOf, unexpected } from './json-place.ts'

const EMPTY: Uint8Array = new Uint8Array(0)
/** Longest app hash that is read. Chains of the Cosmos SDK have 32 bytes; the protocol sets no limit. */
const MAX_APP_HASH_BYTES = 64
/** Longest signature text that is read: enough for every kind of key, so that the length can be told. */
const MAX_SIGNATURE_CHARACTERS = 256

/** Reads a hash of 32 bytes, or none: 64 hex digits or 44 characters of base64. The length tells which; nothing is guessed. */
export function parseHash(place: Place): Uint8Array {
  if (isMissing(place) || place.value === '') return EMPTY
  return readText(place, 'a hash of 32 bytes as 64 hex digits or 44 characters of base64', (text) =>
    decodeBySize(text, 32),
  )
}

/** Reads an application hash: like {@link parseHash}, or hex of another length. */
export function parseAppHash(place: Place): Uint8Array {
  if (isMissing(place)) return EMPTY
  const expected = `a hash of up to ${MAX_APP_HASH_BYTES} bytes in hex, or of 32 bytes in base64`
  return readText(place, expected, (text) =>
    text.length <= 2 * MAX_APP_HASH_BYTES ? (decodeBySize(text, 32) ?? fromHex(text)) : undefined,
  )
}

/** Reads an address of 20 bytes, or none: 40 hex digits, 28 characters of base64, or bech32 of any prefix. */
export function parseAddressBytes(place: Place): Uint8Array {
  if (isMissing(place) || place.value === '') return EMPTY
  const expected = 'an address of 20 bytes in hex, base64 or bech32'
  const bytes = readText(place, expected, (text) => decodeBySize(text, 20) ?? decodeBech32(text)?.bytes)
  if (bytes.length !== 20) throw unexpected(place, expected)
  return bytes
}

/** Reads a signature, of any length: base64, or nothing. */
export function parseSignature(place: Place): Uint8Array {
  if (isMissing(place)) return EMPTY
  return readText(place, `base64 of at most ${MAX_SIGNATURE_CHARACTERS} characters`, (text) =>
    text.length <= MAX_SIGNATURE_CHARACTERS ? fromBase64(text) : undefined,
  )
}

/** Reads a key of 32 bytes: 44 characters of base64. */
export function parseKey(place: Place): Uint8Array {
  return readText(place, 'an Ed25519 key of 32 bytes in base64', (text) => decodeBase64(text, 32))
}

function readText(place: Place, expected: string, decode: (text: string) => Uint8Array | undefined): Uint8Array {
  const bytes = decode(textOf(place, expected))
  if (!bytes) throw unexpected(place, expected)
  return bytes
}

/** Base64 of that many bytes. A text that is too long for that is not worth decoding. */
function decodeBase64(text: string, sizeBytes: number): Uint8Array | undefined {
  const bytes = text.length === 4 * Math.ceil(sizeBytes / 3) ? fromBase64(text) : undefined
  return bytes?.length === sizeBytes ? bytes : undefined
}

/** Hex and base64 of the same bytes differ in length, so a text that could be both is read as what its length says. */
function decodeBySize(text: string, sizeBytes: number): Uint8Array | undefined {
  return text.length === sizeBytes * 2 ? fromHex(text) : decodeBase64(text, sizeBytes)
}
