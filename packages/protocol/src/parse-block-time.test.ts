import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBlockTime } from './parse-block-time.ts'

const FIRST_NS = -62_135_596_800_000_000_000n
const LAST_NS = 253_402_300_799_999_999_999n

describe('parseBlockTime', () => {
  it.each([
    ['2026-01-01T00:00:00Z', 1_767_225_600_000_000_000n],
    ['2026-01-01T00:00:00.1Z', 1_767_225_600_100_000_000n],
    ['2026-01-01T00:00:00.120Z', 1_767_225_600_120_000_000n],
    ['2026-01-01T00:00:00.123456789Z', 1_767_225_600_123_456_789n],
    ['2026-01-01T00:00:00.000000001Z', 1_767_225_600_000_000_001n],
    ['2024-02-29T23:59:59.999999999Z', 1_709_251_199_999_999_999n],
    ['1970-01-01T00:00:00Z', 0n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['0001-01-01T00:00:00Z', FIRST_NS],
    ['9999-12-31T23:59:59.999999999Z', LAST_NS],
  ])('reads %s to the nanosecond', (text, timeNs) => {
    expect(parseBlockTime(text)).toBe(timeNs)
  })

  it.each([
    '',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00.1234567890Z',
    '2026-01-01T00:00:00,5Z',
    '2026-01-01T00:00:00+00:00',
    '2026-01-01t00:00:00z',
    '2026-01-01 00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '0000-01-01T00:00:00Z',
    '12026-01-01T00:00:00Z',
    '+002026-01-01T00:00:00Z',
    '٢٠٢٦-01-01T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseBlockTime(text)).toBeUndefined()
  })

  it('reads every time that a node can write, whatever zeros it cuts', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: FIRST_NS, max: LAST_NS }), fc.boolean(), (timeNs, isCut) => {
        const nanos = ((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
        const seconds = new Date(Number((timeNs - nanos) / 1_000_000n)).toISOString().slice(0, 19)
        const digits = String(nanos).padStart(9, '0')
        const fraction = isCut ? digits.replace(/0+$/, '') : digits
        expect(parseBlockTime(`${seconds}${fraction && `.${fraction}`}Z`)).toBe(timeNs)
      }),
    )
  })

  it('gives a time in range or nothing for any text', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,10})?Z$/))
    fc.assert(
      fc.property(text, (each) => {
        const timeNs = parseBlockTime(each)
        expect(timeNs === undefined || (timeNs >= FIRST_NS && timeNs <= LAST_NS)).toBe(true)
      }),
    )
  })
})
