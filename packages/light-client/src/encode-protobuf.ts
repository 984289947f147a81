import { concatBytes } from './bytes.ts'

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const EMPTY: Uint8Array = new Uint8Array(0)

/** A varint; negative numbers take ten bytes, as int32 and int64 do. */
export function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** An integer field; nothing when 0. */
export function intField(field: number, value: bigint): Uint8Array {
  return value === 0n ? EMPTY : concatBytes(tag(field, VARINT), encodeVarint(value))
}

/** An sfixed64 field; nothing when 0. */
export function sfixed64Field(field: number, value: bigint): Uint8Array {
  if (value === 0n) return EMPTY
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, value, true)
  return concatBytes(tag(field, FIXED64), bytes)
}

/** A bytes or string field; nothing when empty. */
export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return value.length === 0 ? EMPTY : messageField(field, value)
}

/** A message field; written also when the message is empty. */
export function messageField(field: number, message: Uint8Array): Uint8Array {
  return concatBytes(tag(field, BYTES), encodeVarint(BigInt(message.length)), message)
}

/** UTF-8. */
export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** A `google.protobuf.Timestamp` of nanoseconds since the Unix epoch. */
export function encodeTimestamp(timeNs: bigint): Uint8Array {
  const nanos = ((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  return concatBytes(intField(1, (timeNs - nanos) / 1_000_000_000n), intField(2, nanos))
}

function tag(field: number, wireType: number): Uint8Array {
  return encodeVarint(BigInt(field * 8 + wireType))
}
