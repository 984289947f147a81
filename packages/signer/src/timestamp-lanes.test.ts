import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTimestampLanes } from './timestamp-lanes.ts'

const NOW_US = 1_767_225_600_000_000n
const MINUTE_US = 60_000_000n

describe('createTimestampLanes', () => {
  it('gives the time in nanoseconds with the digits of the lane', () => {
    expect(createTimestampLanes(123).next(NOW_US)).toBe(1_767_225_600_000_000_123n)
  })

  it('goes on by microseconds while the time stands still or goes back', () => {
    const lanes = createTimestampLanes(0)
    const first = lanes.next(NOW_US)
    expect([lanes.next(NOW_US), lanes.next(0n), lanes.next(NOW_US + 9n)]).toEqual([
      first + 1_000n,
      first + 2_000n,
      first + 9_000n,
    ])
  })

  it('follows a time that goes back, on other digits', () => {
    const lanes = createTimestampLanes(999)
    lanes.next(NOW_US)
    lanes.follow(NOW_US - 45n * MINUTE_US)
    expect(lanes.next(NOW_US - 45n * MINUTE_US)).toBe((NOW_US - 45n * MINUTE_US) * 1_000n)
  })

  it('stays on its digits when the time goes forward', () => {
    const lanes = createTimestampLanes(7)
    lanes.next(NOW_US)
    lanes.follow(NOW_US + MINUTE_US)
    expect(lanes.next(NOW_US + MINUTE_US)).toBe((NOW_US + MINUTE_US) * 1_000n + 7n)
  })

  it('needs two lanes for a time that swings for ever', () => {
    const lanes = createTimestampLanes(0)
    const digits = new Set<bigint>()
    for (let swing = 0n; swing < 10_000n; swing++) {
      const timeUs = NOW_US + swing * 1_000_000n - (swing % 2n) * 45n * MINUTE_US
      lanes.follow(timeUs)
      const timestampNs = lanes.next(timeUs)
      expect(timestampNs / 1_000n).toBe(timeUs)
      digits.add(timestampNs % 1_000n)
    }
    expect([...digits].sort()).toEqual([0n, 1n])
  })

  it('follows 999 jumps back in a row, and stays unique after that', () => {
    const lanes = createTimestampLanes(500)
    const seen = new Set<bigint>([lanes.next(NOW_US)])
    for (let jump = 1n; jump <= 2_000n; jump++) {
      const timeUs = NOW_US - jump * 1_000_000n
      lanes.follow(timeUs)
      const timestampNs = lanes.next(timeUs)
      seen.add(timestampNs)
      if (jump < 1_000n) expect(timestampNs / 1_000n).toBe(timeUs)
    }
    expect(seen.size).toBe(2_001)
  })

  it('never gives a timestamp twice and increases from one change to the next, whatever the time does', () => {
    const time = fc.oneof(fc.bigInt({ min: -5n, max: 60n }), fc.bigInt({ min: -1n, max: 1n << 52n }))
    const step = fc.record({ time, isFollowed: fc.boolean(), count: fc.integer({ min: 1, max: 5 }) })
    const firstDigits = fc.integer({ min: 0, max: 999 })
    fc.assert(fc.property(firstDigits, fc.array(step, { maxLength: 60 }), checkSteps))
  })
})

interface Step {
  readonly time: bigint
  readonly isFollowed: boolean
  readonly count: number
}

function checkSteps(firstDigits: number, steps: readonly Step[]): void {
  const lanes = createTimestampLanes(firstDigits)
  const given: bigint[] = []
  for (const { time, isFollowed, count } of steps) {
    const last = isFollowed ? 0n : (given.at(-1) ?? 0n)
    if (isFollowed) lanes.follow(time)
    const next = Array.from({ length: count }, () => lanes.next(time))
    if (isFollowed && time > 0n) expect(next[0]! / 1_000n).toBe(time)
    expect(next.every((timestampNs, i) => timestampNs > (next[i - 1] ?? last))).toBe(true)
    given.push(...next)
  }
  expect(new Set(given).size).toBe(given.length)
}
