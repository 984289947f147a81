const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const CHECKSUM_WORDS = 6

/** Writes bytes as bech32 with a prefix.
 * @see BIP 173 */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const words = toWords(bytes)
  const checksum = polymod([...expand(prefix), ...words, ...Array<number>(CHECKSUM_WORDS).fill(0)]) ^ 1
  const tail = Array.from({ length: CHECKSUM_WORDS }, (_, i) => (checksum >>> (5 * (CHECKSUM_WORDS - 1 - i))) & 31)
  return `${prefix}1${[...words, ...tail].map((word) => ALPHABET[word]).join('')}`
}

/** Groups of five bits, the last one filled up with zeros. */
function toWords(bytes: Uint8Array): number[] {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => Number.parseInt(group.padEnd(5, '0'), 2))
}

function expand(prefix: string): number[] {
  const codes = [...prefix].map((letter) => letter.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function polymod(values: readonly number[]): number {
  return values.reduce((state, value) => {
    const top = state >>> 25
    const next = ((state & 0x1ffffff) << 5) ^ value
    return GENERATOR.reduce((sum, term, i) => ((top >>> i) & 1 ? sum ^ term : sum), next)
  }, 1)
}
