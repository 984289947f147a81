import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Chain } from './chain.ts'

function createClock(): { now: () => number; tick: (ms: number) => void } {
  let ms = 1_000_000
  return { now: () => ms, tick: (by) => (ms += by) }
}

test('blocks fall due by the clock', () => {
  const clock = createClock()
  const chain = new Chain({ now: clock.now, blockTimeMs: 1_000, height: 10 })
  clock.tick(999)
  expect([chain.height, chain.blockTimeNs]).toEqual([10, 1_000_000_000_000n])
  clock.tick(1)
  expect([chain.height, chain.blockTimeNs]).toEqual([11, 1_001_000_000_000n])
  clock.tick(5_500)
  expect([chain.height, chain.blockTimeNs]).toEqual([16, 1_006_000_000_000n])
})

test('without a block time only advance makes blocks', () => {
  const clock = createClock()
  const chain = new Chain({ now: clock.now, blockTimeMs: 0, height: 10 })
  clock.tick(60_000)
  expect([chain.height, chain.blockTimeNs]).toEqual([10, 1_000_000_000_000n])
  chain.advance(3)
  expect([chain.height, chain.blockTimeNs]).toEqual([13, 1_060_000_000_000n])
})

test('lag moves block time at once, both ways', () => {
  const chain = new Chain({ now: () => 1_000_000, blockTimeMs: 0, height: 10 })
  chain.setLagMs(40_000)
  expect(chain.blockTimeNs).toBe(960_000_000_000n)
  chain.setLagMs(-40_000)
  expect(chain.blockTimeNs).toBe(1_040_000_000_000n)
})

test('refuses steps and lags that are no numbers of theirs', () => {
  const chain = new Chain({ now: () => 0, blockTimeMs: 0, height: 1 })
  for (const blocks of [0, -1, 1.5, Number.NaN]) expect(() => chain.advance(blocks)).toThrow(RangeError)
  for (const lagMs of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    expect(() => chain.setLagMs(lagMs)).toThrow(RangeError)
  }
})

test('height and block time never go back, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -5_000, max: 5_000 }), fc.boolean())), (steps) => {
      const clock = createClock()
      const chain = new Chain({ now: clock.now, blockTimeMs: 700, height: 1 })
      let before = { height: chain.height, time: chain.blockTimeNs }
      for (const [tick, advances] of steps) {
        clock.tick(tick)
        if (advances) chain.advance()
        const after = { height: chain.height, time: chain.blockTimeNs }
        expect(after.height).toBeGreaterThanOrEqual(before.height)
        expect(after.time).toBeGreaterThanOrEqual(before.time)
        before = after
      }
    }),
  )
})

test('every block has its time, those before the start and those made at once included', () => {
  const clock = createClock()
  const chain = new Chain({ now: clock.now, blockTimeMs: 1_000, height: 100 })
  clock.tick(2_500)
  chain.advance(3)
  clock.tick(1_000)
  expect(chain.height).toBe(106)
  const startNs = 1_000_000_000_000n
  const seconds = (height: number) => Number(chain.timeNsAt(height) - startNs) / 1e9
  expect([99, 100, 101, 102, 106].map(seconds)).toEqual([-1, 0, 1, 2, 3.5])
  expect([103, 104, 105].map((height) => chain.timeNsAt(height) - startNs - 2_500_000_000n)).toEqual([-2n, -1n, 0n])
  expect(seconds(70)).toBe(-10 - 20 * 69 * 60)
  chain.setLagMs(500)
  expect(seconds(100)).toBe(-0.5)
})
