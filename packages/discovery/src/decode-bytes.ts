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
  if (text.length % 4 !== 0) return undefined
  const paddingLength = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - paddingLength)
  let buffer = 0
  let bitCount = 0
  let length = 0
  for (let index = 0; index < text.length - paddingLength; index++) {
    const value = BASE64_VALUES[text.charCodeAt(index)] ?? -1
    if (value < 0) return undefined
    buffer = ((buffer << 6) | value) & 0x3fff
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    bytes[length++] = buffer >> bitCount
  }
  const unused = buffer & ((1 << bitCount) - 1)
  return unused === 0 ? bytes : undefined
}

/** Writes bytes as lower-case hexadecimal text. */
export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Value of a hex digit by its character code, -1 for other characters. */
const HEX_VALUES: Int8Array = /* @__PURE__ */ createValues('0123456789abcdef', '0123456789ABCDEF')

/** The same for base64. */
const BASE64_VALUES: Int8Array = /* @__PURE__ */ createValues(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)

function createValues(...alphabets: readonly string[]): Int8Array {
  const values = new Int8Array(128).fill(-1)
  for (const alphabet of alphabets) {
    for (const [value, digit] of [...alphabet].entries()) values[digit.charCodeAt(0)] = value
  }
  return values
}
