import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProtobuf } from './read-protobuf.ts'

const MAX_FIELD_NUMBER = 0x1fffffff

describe('readProtobuf', () => {
  it('reads nothing from nothing', () => {
    expect(readProtobuf(new Uint8Array())).toEqual([])
  })

  it('reads every wire type in order', () => {
    const bytes = [0x08, 0x96, 0x01, 0x12, 2, 0x68, 0x69, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8]
    expect(readProtobuf(Uint8Array.from(bytes))).toEqual([
      { number: 1, type: 'varint', value: 150n },
      { number: 2, type: 'bytes', value: Uint8Array.of(0x68, 0x69) },
      { number: 3, type: 'fixed', value: Uint8Array.of(1, 2, 3, 4) },
      { number: 4, type: 'fixed', value: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
    ])
  })

  it('reads -1 as the largest unsigned number', () => {
    const bytes = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
    expect(readProtobuf(Uint8Array.from(bytes))).toEqual([{ number: 1, type: 'varint', value: 2n ** 64n - 1n }])
  })

  it.each<[string, number[]]>([
    ['a tag without a value', [0x08]],
    ['a varint that does not end', [0x08, 0x80]],
    ['a varint over 64 bits', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]],
    ['a varint over 10 bytes', [0x08, ...Array(10).fill(0x80), 0x01]],
    ['field number 0', [0x00, 0x01]],
    ['a field number over 29 bits', [0x80, 0x80, 0x80, 0x80, 0x10, 0x00]],
    ['the start of a group', [0x0b]],
    ['the end of a group', [0x0c]],
    ['wire type 6', [0x0e, 0]],
    ['wire type 7', [0x0f, 0]],
    ['a length past the end', [0x12, 3, 1, 2]],
    ['a length over 2^53', [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['three bytes for a fixed32', [0x1d, 1, 2, 3]],
    ['seven bytes for a fixed64', [0x21, 1, 2, 3, 4, 5, 6, 7]],
  ])('refuses %s', (_, bytes) => {
    expect(() => readProtobuf(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({
        name: 'GonkaProofVerificationError',
        code: 'protobuf-invalid',
        message: expect.stringMatching(/at byte \d+\.$/),
      }),
    )
  })

  it('reads back every message that is written', () => {
    fc.assert(
      fc.property(fc.array(anyField()), (fields) => {
        expect(readProtobuf(Uint8Array.from(fields.flatMap(writeField)))).toEqual(fields)
      }),
    )
  })

  it('reads or refuses any bytes, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          readProtobuf(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'protobuf-invalid' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

type Field = ReturnType<typeof readProtobuf>[number]

function anyField(): fc.Arbitrary<Field> {
  const number = fc.integer({ min: 1, max: MAX_FIELD_NUMBER })
  const varint = fc.record({ number, type: fc.constant('varint' as const), value: fc.bigInt(0n, 2n ** 64n - 1n) })
  const bytes = fc.record({ number, type: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 300 }) })
  return fc.oneof(varint, bytes)
}

function writeField(field: Field): number[] {
  const tag = BigInt(field.number) << 3n
  if (field.type === 'varint') return [...writeVarint(tag), ...writeVarint(field.value)]
  return [...writeVarint(tag | 2n), ...writeVarint(BigInt(field.value.length)), ...field.value]
}

function writeVarint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...writeVarint(value >> 7n)]
}
