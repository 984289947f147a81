import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSystemClock, sharedSystemClock } from './create-system-clock.ts'

const TIME_MS = 1_767_225_600_000

describe('createSystemClock', () => {
  it('gives the time in nanoseconds, exactly', () => {
    const clock = createSystemClock({ now: () => TIME_MS, random: () => 0 })
    expect(clock.nowNs()).toBe(1_767_225_600_000_000_000n)
  })

  it('places itself within the millisecond', () => {
    const clock = createSystemClock({ now: () => TIME_MS, random: () => 0.123456 })
    expect(clock.nowNs()).toBe(1_767_225_600_000_123_456n)
  })

  it('keeps fractions of a millisecond', () => {
    const clock = createSystemClock({ now: () => TIME_MS + 0.25, random: () => 0 })
    expect(clock.nowNs()).toBe(1_767_225_600_000_250_000n)
  })

  it('is close to the system time by default', () => {
    const differenceNs = createSystemClock().nowNs() - BigInt(Date.now()) * 1_000_000n
    expect(differenceNs < 5_000_000_000n && differenceNs > -5_000_000_000n).toBe(true)
  })

  it('gives a million unique, increasing timestamps while the time stands still', () => {
    const { nowNs } = createSystemClock({ now: () => TIME_MS, random: () => 0 })
    const first = nowNs()
    let last = first
    let increasing = true
    for (let i = 1; i < 1_000_000; i++) {
      const next = nowNs()
      increasing &&= next > last
      last = next
    }
    expect(increasing).toBe(true)
    expect(last).toBe(first + 999_999_000n)
  })

  it('goes on after a step back, until the time has caught up', () => {
    const times = [TIME_MS, TIME_MS - 60_000, TIME_MS - 1, TIME_MS + 1]
    const clock = createSystemClock({ now: () => times.shift()!, random: () => 0 })
    const start = clock.nowNs()
    expect([clock.nowNs(), clock.nowNs(), clock.nowNs()]).toEqual([start + 1_000n, start + 2_000n, start + 1_000_000n])
  })

  it('increases whatever the system time does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e12, max: 1e14, noNaN: true }), { minLength: 2 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (times, random) => {
          const queue = [...times]
          const clock = createSystemClock({ now: () => queue.shift()!, random: () => random })
          const stamps = times.map(() => clock.nowNs())
          expect(stamps.every((stamp, i) => stamp > 0n && (i === 0 || stamp > stamps[i - 1]!))).toBe(true)
        },
      ),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses the time %d', (time) => {
    expect(() => createSystemClock({ now: () => time }).nowNs()).toThrow(RangeError)
  })

  it('has nothing to measure on resync', async () => {
    const clock = createSystemClock({ now: () => TIME_MS, random: () => 0 })
    const first = clock.nowNs()
    await expect(clock.resync()).resolves.toBeUndefined()
    expect(clock.nowNs()).toBeGreaterThan(first)
  })

  it('follows a step back on resync, so that a system time put right is used at once, and repeats nothing', async () => {
    const time = { ms: TIME_MS }
    const clock = createSystemClock({ now: () => time.ms, random: () => 0 })
    const seen = new Set([clock.nowNs(), clock.nowNs()])
    for (let step = 1; step <= 5; step++) {
      time.ms = TIME_MS + (step % 2 === 0 ? 0 : -600_000)
      await clock.resync()
      const stamps = [clock.nowNs(), clock.nowNs()]
      expect(stamps.map((stamp) => stamp / 1_000_000n)).toEqual([BigInt(time.ms), BigInt(time.ms)])
      for (const stamp of stamps) seen.add(stamp)
    }
    expect(seen.size).toBe(12)
  })

  it('goes on increasing on resync when the system time is what it was, or a second behind', async () => {
    const time = { ms: TIME_MS }
    const clock = createSystemClock({ now: () => time.ms, random: () => 0 })
    const stamps: bigint[] = []
    for (let i = 0; i < 100; i++) {
      stamps.push(clock.nowNs())
      time.ms = TIME_MS - (i % 2) * 999
      await clock.resync()
    }
    expect(stamps.every((stamp, i) => i === 0 || stamp > stamps[i - 1]!)).toBe(true)
  })
})

describe('sharedSystemClock', () => {
  it('is one clock for the whole process', () => {
    expect(sharedSystemClock()).toBe(sharedSystemClock())
  })
})
