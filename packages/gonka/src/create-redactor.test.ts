import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor } from './create-redactor.ts'

const KEY = 'f0aJ6uEy1TgN5oWi'

test.each([
  [`Bearer ${KEY}.`, 'Bearer [redacted].'],
  [`${KEY}${KEY}`, '[redacted][redacted]'],
  [KEY.toUpperCase(), '[redacted]'],
  ['x-J6uEy1TgN5-y', 'x-[redacted]-y'],
  ['J6uEy1T', 'J6uEy1T'],
  ['', ''],
])('%j becomes %j', (text, shown) => {
  expect(createRedactor(['short', KEY])(text)).toBe(shown)
})

const secret = fc.string({ minLength: 8, maxLength: 80, unit: fc.constantFrom(...'abcdef0123456789') })

test('no run of 8 characters of a secret is left, and other text stays', () => {
  fc.assert(
    fc.property(secret, fc.tuple(fc.string(), fc.string()), fc.nat(), (key, [before, after], from) => {
      const part = key.slice(from % (key.length - 7))
      const shown = createRedactor([key])(`${before}${part}${after}`).toLowerCase()
      for (let at = 0; at + 8 <= key.length; at++) expect(shown).not.toContain(key.slice(at, at + 8))
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(createRedactor(['\u0000'.repeat(9)])(text.replaceAll('\u0000', ''))).toBe(text.replaceAll('\u0000', ''))
    }),
  )
})
