import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** An integer field; absent on the wire when 0, as proto3 asks. Negative int64 values take 10 bytes. */
export function integerField(number: number, value: number | bigint): Uint8Array {
  const integer = BigInt(value)
  if (integer === 0n) return new Uint8Array(0)
  return concatBytes(varint(BigInt(number << 3)), varint(BigInt.asUintN(64, integer)))
}

/** A text field; absent on the wire when empty. */
export function textField(number: number, value: string): Uint8Array {
  return value === '' ? new Uint8Array(0) : bytesField(number, utf8ToBytes(value))
}

/** A message, or an element of a repeated field: written even when empty. */
export function bytesField(number: number, value: Uint8Array): Uint8Array {
  return concatBytes(varint(BigInt((number << 3) | 2)), lengthPrefixed(value))
}

/** A 64-bit little-endian field; absent on the wire when 0. */
export function fixed64Field(number: number, value: number): Uint8Array {
  if (value === 0) return new Uint8Array(0)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true)
  return concatBytes(varint(BigInt((number << 3) | 1)), bytes)
}

/** A message or byte string behind its length. */
export function lengthPrefixed(value: Uint8Array): Uint8Array {
  return concatBytes(varint(BigInt(value.length)), value)
}

/** An unsigned integer in groups of seven bits. */
export function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
