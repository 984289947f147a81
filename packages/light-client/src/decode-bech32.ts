const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const
const CHECKSUM_WORDS = 6
const MAX_CHARACTERS = 90

/** Decodes bech32 (BIP 173) of any prefix; undefined when the checksum, case, alphabet or padding is wrong. */
export function decodeBech32(text: string): Uint8Array | undefined {
  const lower = text.toLowerCase()
  if (text.length > MAX_CHARACTERS || (text !== lower && text !== text.toUpperCase())) return undefined
  const [, prefix, data] = /^([!-~]+)1([02-9ac-hj-np-z]{6,})$/.exec(lower) ?? []
  if (prefix === undefined || data === undefined) return undefined
  const words = Array.from(data, (character) => ALPHABET.indexOf(character))
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  const checked = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...words]
  return polymod(checked) === 1 ? joinWords(words.slice(0, -CHECKSUM_WORDS)) : undefined
}

function polymod(words: readonly number[]): number {
  let checksum = 1
  for (const word of words) {
    const top = checksum >>> 25
    checksum = ((checksum & 0x1ffffff) << 5) ^ word
    GENERATOR.forEach((generator, bit) => {
      if ((top >> bit) & 1) checksum ^= generator
    })
  }
  return checksum
}

function joinWords(words: readonly number[]): Uint8Array | undefined {
  const bytes: number[] = []
  let buffer = 0
  let bits = 0
  for (const word of words) {
    buffer = ((buffer << 5) | word) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((buffer >> bits) & 0xff)
  }
  const isPadded = bits < 5 && (buffer & ((1 << bits) - 1)) === 0
  return isPadded ? Uint8Array.from(bytes) : undefined
}
