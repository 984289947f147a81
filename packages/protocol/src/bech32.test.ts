import { bech32 } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBech32, encodeBech32 } from './bech32.ts'

describe('the examples of BIP-173', () => {
  test.each([
    'A12UEL5L',
    'a12uel5l',
    'an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs',
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw',
    '11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
    '?1ezyfcl',
  ])('%s is read', (text) => {
    expect(decodeBech32(text)?.prefix).toBe(text.toLowerCase().slice(0, text.lastIndexOf('1')))
  })

  test.each([
    ['a prefix below ASCII 33', '\x201nwldj5'],
    ['a prefix that is DEL', '\x7f1axkwrx'],
    ['a prefix above ASCII', '\x801eym55h'],
    [
      'too many characters',
      'an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx',
    ],
    ['no separator', 'pzry9x0s0muk'],
    ['an empty prefix', '1pzry9x0s0muk'],
    ['a letter outside of the alphabet', 'x1b4n0q5v'],
    ['too short a checksum', 'li1dgmt3'],
    ['a letter above ASCII in the checksum', 'de1lg7wt\xff'],
    ['a checksum of the upper-case prefix', 'A1G7SGD8'],
    ['an empty prefix before data', '10a06t8'],
    ['nothing but a separator and data', '1qzzfhee'],
    ['two cases', 'A12uEL5L'],
    ['a checksum of bech32m', 'a1lqfn3a'],
    ['nothing', ''],
  ])('a text with %s is not', (_, text) => {
    expect(decodeBech32(text)).toBeUndefined()
  })
})

describe('any text and any bytes', () => {
  const prefix = fc.string({ unit: fc.constantFrom(...'agn1!~0'), minLength: 1, maxLength: 10 })
  const bytes = fc.uint8Array({ maxLength: 40 })

  test('are written as the published library writes them, and read back', () => {
    fc.assert(
      fc.property(prefix, bytes, (name, data) => {
        const text = encodeBech32(name, data)
        expect(text).toBe(bech32.encode(name, bech32.toWords(data)))
        expect(decodeBech32(text)).toEqual({ prefix: name, bytes: data })
        expect(decodeBech32(text.toUpperCase())).toEqual({ prefix: name, bytes: data })
      }),
    )
  })

  test('are read as the published library reads them', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7lQ1bB '), maxLength: 95 })
    const words = fc.array(fc.nat(31), { maxLength: 30 })
    const encoded = fc.tuple(prefix, words).map(([name, data]) => bech32.encode(name, data))
    fc.assert(
      fc.property(fc.oneof(letters, encoded), (text) => {
        const expected = bech32.decodeUnsafe(text)
        const data = expected && bech32.fromWordsUnsafe(expected.words)
        expect(decodeBech32(text)).toEqual(expected && { prefix: expected.prefix, bytes: data || undefined })
      }),
      { numRuns: 2_000 },
    )
  })

  test('with one to four letters changed are not read', () => {
    const alphabet = [...'qpzry9x8gf2tvdw0s3jn54khce6mua7l']
    const change = fc.tuple(fc.nat(37), fc.constantFrom(...alphabet))
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (data, changes) => {
          const text = encodeBech32('gonka', data)
          const letters = [...text]
          for (const [at, letter] of changes) letters[6 + at] = letter
          const changed = letters.join('')
          if (changed !== text) expect(decodeBech32(changed)).toBeUndefined()
        },
      ),
    )
  })
})
