const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const CHECKSUM_WORDS = 6
const MAX_LENGTH = 90
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const

/** What a bech32 text holds. */
export interface Bech32 {
  /** The part before the last `1`, in lower case. */
  readonly prefix: string
  /** Undefined when the groups of 5 bits do not end on a byte. */
  readonly bytes: Uint8Array | undefined
}

/** Reads a bech32 text (not bech32m) of at most 90 characters, in one case.
 * @returns Undefined when the alphabet, the case, the length or the checksum is wrong.
 * @example decodeBech32('a12uel5l')?.prefix // 'a'
 * @see BIP-173 */
export function decodeBech32(text: string): Bech32 | undefined {
  const lower = text.toLowerCase()
  if (text.length > MAX_LENGTH || (text !== lower && text !== text.toUpperCase())) return undefined
  const separator = lower.lastIndexOf('1')
  const prefix = lower.slice(0, separator)
  const words = Array.from(lower.slice(separator + 1), (letter) => ALPHABET.indexOf(letter))
  if (!/^[!-~]+$/.test(prefix) || words.length < CHECKSUM_WORDS || words.includes(-1)) return undefined
  if (checksumOf(prefix, words) !== 1) return undefined
  return { prefix, bytes: toBytes(words.slice(0, -CHECKSUM_WORDS)) }
}

/** Writes bytes as bech32.
 * @param prefix - Lower case, printable ASCII.
 * @example encodeBech32('gonka', new Uint8Array(20)) */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const words = toWords(bytes)
  const checksum = checksumOf(prefix, [...words, 0, 0, 0, 0, 0, 0]) ^ 1
  const tail = Array.from({ length: CHECKSUM_WORDS }, (_, i) => (checksum >>> (5 * (CHECKSUM_WORDS - 1 - i))) & 31)
  return `${prefix}1${[...words, ...tail].map((word) => ALPHABET[word]).join('')}`
}

/** The remainder that BIP-173 calls polymod: 1 for a text with its checksum. */
function checksumOf(prefix: string, words: readonly number[]): number {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0))
  let remainder = 1
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...words]) {
    const top = remainder >>> 25
    remainder = ((remainder & 0x1ffffff) << 5) ^ value
    for (const [bit, term] of GENERATOR.entries()) if ((top >> bit) & 1) remainder ^= term
  }
  return remainder
}

function toWords(bytes: Uint8Array): number[] {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => Number.parseInt(group.padEnd(5, '0'), 2))
}

/** What is left over is fewer than 5 bits, all of them 0. */
function toBytes(words: readonly number[]): Uint8Array | undefined {
  const bits = words.map((word) => word.toString(2).padStart(5, '0')).join('')
  const end = bits.length - (bits.length % 8)
  if (bits.length - end >= 5 || bits.slice(end).includes('1')) return undefined
  return Uint8Array.from(bits.slice(0, end).match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
