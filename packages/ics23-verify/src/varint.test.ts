import fc from 'fast-check'
import { expect, it } from 'vitest'
import { varint } from './fixtures/bytes.ts'
import { encodeVarint, readVarint } from './varint.ts'

const MAX = 2 ** 49 - 1

it('reads what it writes, from anywhere, as other code writes it', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat().map((n) => n % (MAX + 1)),
      fc.uint8Array({ maxLength: 9 }),
      (value, before) => {
        const bytes = encodeVarint(value)
        expect(bytes).toEqual(varint(value))
        const read = readVarint(Uint8Array.of(...before, ...bytes, 255), before.length)
        expect(read).toEqual({ value, end: before.length + bytes.length })
      },
    ),
  )
})

it('knows the edges', () => {
  for (const value of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, MAX]) {
    expect(readVarint(encodeVarint(value), 0)?.value).toBe(value)
  }
})

it.each([
  ['nothing', []],
  ['a truncated number', [0x80]],
  ['a padded zero', [0x80, 0]],
  ['a padded number', [0x81, 0x80, 0]],
  ['more than 7 bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]],
  ['ten bytes of ones', Array(10).fill(0xff)],
])('refuses %s', (_, bytes) => {
  expect(readVarint(Uint8Array.from(bytes as number[]), 0)).toBeUndefined()
})
