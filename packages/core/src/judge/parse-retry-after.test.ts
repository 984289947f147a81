import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from './parse-retry-after.ts'

const NOW_MS = Date.parse('2026-11-21T10:00:00Z')
const DAY_MS = 86_400_000

function parse(headers: Record<string, string>): number | undefined {
  return parseRetryAfter(new Headers(headers), NOW_MS)
}

describe('how long an upstream asks to be left alone', () => {
  const readable: [string, Record<string, string>, number][] = [
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['decimals', { 'retry-after': '0.25' }, 250],
    ['zero', { 'retry-after': '0' }, 0],
    ['white space around', { 'retry-after': '  7 ' }, 7_000],
    ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
    ['milliseconds before seconds', { 'retry-after-ms': '20', 'retry-after': '3600' }, 20],
    ['seconds when the milliseconds are garbage', { 'retry-after-ms': 'soon', 'retry-after': '3' }, 3_000],
    ['an HTTP date', { 'retry-after': 'Sat, 21 Nov 2026 10:01:30 GMT' }, 90_000],
    ['an RFC 850 date', { 'retry-after': 'Saturday, 21-Nov-26 10:01:30 GMT' }, 90_000],
    ['an asctime date, which is in UTC', { 'retry-after': 'Sat Nov 21 10:01:30 2026' }, 90_000],
    ['an ISO date', { 'retry-after': '2026-11-21T10:01:30Z' }, 90_000],
    ['a date that has passed', { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' }, 0],
    [
      'a date, by the clock of the upstream when it tells its time',
      { date: 'Sat, 21 Nov 2026 15:00:00 GMT', 'retry-after': 'Sat, 21 Nov 2026 15:00:30 GMT' },
      30_000,
    ],
    ['a date beside a time that is none', { date: 'now', 'retry-after': 'Sat, 21 Nov 2026 10:01:30 GMT' }, 90_000],
    ['a huge number, as one day', { 'retry-after': '9'.repeat(30) }, DAY_MS],
    ['a number beyond all numbers, as one day', { 'retry-after': '9'.repeat(400) }, DAY_MS],
    ['a date in thousands of years, as one day', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, DAY_MS],
  ]
  it.each(readable)('is read from %s', (_, headers, expectedMs) => {
    expect(parse(headers)).toBe(expectedMs)
  })

  it.each(['', 'soon', 'tomorrow', '-5', '+5', '1e3', '5 s', '60, 60', '1.2.3', 'soon 12', 'NaN', 'Infinity', '0x10'])(
    'is unknown from %j',
    (value) => {
      expect(parse({ 'retry-after': value })).toBeUndefined()
      expect(parse({ 'retry-after-ms': value })).toBeUndefined()
    },
  )

  it('is unknown without a header', () => {
    expect([parse({}), parseRetryAfter(undefined, NOW_MS)]).toEqual([undefined, undefined])
  })

  it('is within a day or unknown, whatever the header says', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.date().map((date) => String(date)),
    )
    fc.assert(
      fc.property(value, (text) => {
        const waitMs = parse({ 'retry-after': text })
        if (waitMs !== undefined) expect(waitMs >= 0 && waitMs <= DAY_MS).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
