import { GonkaProofVerificationError } from './errors.ts'

/** One field of a protobuf message: a varint as unsigned 64-bit bigint, or raw bytes. */
export type ProtobufField = {
  /** Field number, >= 1. */
  readonly number: number
} & (
  | { readonly type: 'varint'; readonly value: bigint }
  | { readonly type: 'bytes' | 'fixed'; readonly value: Uint8Array }
)

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5
const MAX_VARINT_BYTES = 10

/** Splits a protobuf message into its fields, strictly: no groups, no truncated or over-long varints, no field number 0.
 * @param bytes - The message.
 * @returns The fields in wire order; unknown ones included.
 * @throws {GonkaProofVerificationError} `protobuf-invalid` on malformed bytes.
 * @example for (const field of readProtobuf(new Uint8Array([8, 7]))) field.number // 1, with value 7n */
export function readProtobuf(bytes: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = []
  let offset = 0
  while (offset < bytes.length) {
    const tag = readVarint(bytes, offset)
    const number = Number(tag.value >> 3n)
    if (number < 1 || number > 0x1fffffff) throw malformed(`field number ${number}`, offset)
    const wireType = Number(tag.value & 7n)
    if (wireType === VARINT) {
      const { value, end } = readVarint(bytes, tag.end)
      fields.push({ number, type: 'varint', value })
      offset = end
    } else {
      const { value, end } = readBytes(bytes, tag.end, wireType)
      fields.push({ number, type: wireType === BYTES ? 'bytes' : 'fixed', value })
      offset = end
    }
  }
  return fields
}

function readBytes(bytes: Uint8Array, offset: number, wireType: number): { value: Uint8Array; end: number } {
  if (wireType === FIXED64) return takeBytes(bytes, offset, 8)
  if (wireType === FIXED32) return takeBytes(bytes, offset, 4)
  if (wireType !== BYTES) throw malformed(`wire type ${wireType}`, offset)
  const length = readVarint(bytes, offset)
  if (length.value > BigInt(bytes.length)) throw malformed('a length past the end', offset)
  return takeBytes(bytes, length.end, Number(length.value))
}

function takeBytes(bytes: Uint8Array, offset: number, length: number): { value: Uint8Array; end: number } {
  const end = offset + length
  if (end > bytes.length) throw malformed('a value past the end', offset)
  return { value: bytes.subarray(offset, end), end }
}

function readVarint(bytes: Uint8Array, offset: number): { value: bigint; end: number } {
  let value = 0n
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = bytes[offset + i]
    if (byte === undefined) throw malformed('a truncated varint', offset)
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) {
      if (value > 0xffff_ffff_ffff_ffffn) throw malformed('a varint over 64 bits', offset)
      return { value, end: offset + i + 1 }
    }
  }
  throw malformed('a varint over 10 bytes', offset)
}

function malformed(problem: string, offset: number): GonkaProofVerificationError {
  return new GonkaProofVerificationError(
    'protobuf-invalid',
    `Expected a protobuf message; found ${problem} at byte ${offset}.`,
  )
}
