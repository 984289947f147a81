import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateWindow } from './rate-window.ts'

describe('a budget per minute', () => {
  it('lets no sixty seconds hold more than the limit, and wastes none of it', () => {
    const step = fc.record({ waitMs: fc.nat(40_000), amount: fc.integer({ min: 1, max: 5 }) })
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 12 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const window = new RateWindow(limit)
        const spent: { atMs: number; amount: number }[] = []
        let nowMs = 0
        for (const { waitMs, amount } of steps) {
          nowMs += waitMs
          const inWindow = spent.filter(({ atMs }) => atMs > nowMs - 60_000).reduce((sum, one) => sum + one.amount, 0)
          const readyAtMs = window.readyAtMs(amount, nowMs)
          expect(readyAtMs <= nowMs).toBe(inWindow + amount <= limit)
          if (readyAtMs > nowMs) nowMs = readyAtMs
          expect(window.readyAtMs(amount, nowMs)).toBeLessThanOrEqual(nowMs)
          window.spend(amount, nowMs)
          spent.push({ atMs: nowMs, amount })
          const held = spent.filter(({ atMs }) => atMs > nowMs - 60_000).reduce((sum, one) => sum + one.amount, 0)
          expect(held).toBeLessThanOrEqual(limit)
        }
      }),
    )
  })

  it('corrects an estimate once the real amount is known', () => {
    const window = new RateWindow(100)
    const correct = window.spend(90, 0)
    expect(window.readyAtMs(20, 1)).toBe(60_000)
    correct(50)
    expect(window.readyAtMs(20, 1)).toBe(0)
    correct(100)
    expect(window.readyAtMs(1, 1)).toBe(60_000)
  })

  it('does not let a correction that comes late touch a new window', () => {
    const window = new RateWindow(10)
    const correct = window.spend(10, 0)
    expect(window.readyAtMs(10, 60_000)).toBe(0)
    correct(0)
    window.spend(10, 60_000)
    expect(window.readyAtMs(1, 60_001)).toBe(120_000)
  })

  it('lets a request that is larger than the whole budget through an empty window', () => {
    const window = new RateWindow(10)
    expect(window.readyAtMs(1_000, 0)).toBe(0)
    window.spend(1_000, 0)
    expect(window.readyAtMs(1, 59_999)).toBe(60_000)
    expect(window.readyAtMs(1, 60_000)).toBe(0)
  })
})
