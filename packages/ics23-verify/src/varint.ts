// 49 bits: sizes, lengths and block heights fit, and arithmetic on numbers stays exact.
const MAX_VARINT_BYTES = 7

/** A number read from bytes, and where the next thing starts. */
export interface Varint {
  readonly value: number
  readonly end: number
}

/** Reads an unsigned varint in its only minimal form.
 * @returns Undefined when it is cut off, padded or longer than 7 bytes. */
export function readVarint(bytes: Uint8Array, offset: number): Varint | undefined {
  let value = 0
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = bytes[offset + i] ?? 0x80 // past the end: never the last byte of a varint
    value += (byte & 0x7f) * 2 ** (7 * i)
    const isPadded = byte === 0 && i > 0
    if (isPadded) return undefined
    if (byte < 0x80) return { value, end: offset + i + 1 }
  }
  return undefined
}

/** Writes an unsigned varint.
 * @param value - A safe integer, >= 0. */
export function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Uint8Array.of(...bytes, rest)
}
