/** Decodes hexadecimal text of either case.
 * @returns The bytes; undefined when anything but pairs of hex digits is in it. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    const high = HEX_VALUES[text.charCodeAt(2 * index)] ?? -1
    const low = HEX_VALUES[text.charCodeAt(2 * index + 1)] ?? -1
    if (high < 0 || low < 0) return undefined
    bytes[index] = high * 16 + low
  }
  return bytes
}

/** Decodes standard base64 in its one canonical form: padded, no white space, unused bits zero.
 * @returns The bytes; undefined for any other text. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const binary = decodeBinary(text)
  // Texts that differ only in unused bits decode alike; only one of them is written back.
  if (binary === undefined || btoa(binary) !== text) return undefined
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** Writes bytes as lower-case hexadecimal text. */
export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Value of a hex digit by its character code, -1 for other characters. */
const HEX_VALUES: Int8Array = /* @__PURE__ */ createHexValues()

function createHexValues(): Int8Array {
  const values = new Int8Array(103).fill(-1)
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16)
    values[digit.charCodeAt(0)] = value
    values[digit.toUpperCase().charCodeAt(0)] = value
  }
  return values
}

function decodeBinary(text: string): string | undefined {
  try {
    return atob(text)
  } catch {
    return undefined
  }
}
