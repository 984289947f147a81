import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeDelayMs } from './compute-delay.ts'

const steady = { intervalMs: 1_000, jitter: 0, random: () => 0 }

test('waits the interval, doubled for each failure in a row, up to tenfold', () => {
  const delays = [0, 1, 2, 3, 4, 100].map((failures) => computeDelayMs(failures, steady))
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
})

test('varies by the jitter on both sides', () => {
  const at = (value: number) => computeDelayMs(0, { intervalMs: 1_000, jitter: 0.1, random: () => value })
  expect([at(0), at(0.5), at(1)]).toEqual([900, 1_000, 1_100])
})

test('never exceeds what a timer can hold and never reaches zero', () => {
  const options = fc.record({
    intervalMs: fc.double({ min: 1, max: Number.MAX_VALUE, noNaN: true }),
    jitter: fc.double({ min: 0, max: 0.99, noNaN: true }),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
    failures: fc.nat(5_000),
  })
  fc.assert(
    fc.property(options, ({ intervalMs, jitter, value, failures }) => {
      const delayMs = computeDelayMs(failures, { intervalMs, jitter, random: () => value })
      expect(delayMs).toBeGreaterThan(0)
      expect(delayMs).toBeLessThanOrEqual(2 ** 31 - 1)
    }),
  )
})
