import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64, decodeHex, encodeHex } from './decode-bytes.ts'

const bytes = fc.uint8Array({ maxLength: 200 })

describe('hex', () => {
  test('round-trips, in both cases', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeHex(encodeHex(value))).toEqual(value)
        expect(decodeHex(encodeHex(value).toUpperCase())).toEqual(value)
      }),
    )
  })

  test.each(['0', '0g', ' 00', '0x00', '00\n', '٠٠', 'é0'])('refuses %j', (text) => {
    expect(decodeHex(text)).toBeUndefined()
  })
})

describe('base64', () => {
  test('round-trips', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeBase64(Buffer.from(value).toString('base64'))).toEqual(value)
      }),
    )
  })

  test('takes one text for one value: whatever is read is written back alike', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AQZaz09+/=-_ \n'), maxLength: 12 })
    fc.assert(
      fc.property(text, (input) => {
        const decoded = decodeBase64(input)
        if (decoded) expect(Buffer.from(decoded).toString('base64')).toBe(input)
      }),
    )
  })

  test.each(['A', 'AA', 'AA=', 'AB==', 'AAB=', 'AA==\n', ' AA==', 'A===', '-_==', 'AA==AA==', '===='])(
    'refuses %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined()
    },
  )
})
