import { describe, expect, it } from 'vitest'
import { byClock, byProcessor, measureRounds } from './measure-rounds.ts'

describe('rounds', () => {
  it('run every subject in every round, beginning with another one each time, and leave warm-ups out', async () => {
    const order: string[] = []
    const costs = { a: [900, 1, 2, 9], b: [900, 30, 10, 20] }
    const subject = (name: 'a' | 'b') => async (calls: number) => {
      order.push(`${name}${calls}`)
      return costs[name].shift() ?? 0
    }
    const result = await measureRounds({ a: subject('a'), b: subject('b') }, { rounds: 3, calls: 5, warmUps: 1 })
    expect(order).toEqual(['a5', 'b5', 'b5', 'a5', 'a5', 'b5', 'b5', 'a5'])
    expect(result).toEqual({
      a: { medianUs: 2, minUs: 1, maxUs: 9 },
      b: { medianUs: 20, minUs: 10, maxUs: 30 },
    })
  })
})

describe.each([
  ['the clock', byClock],
  ['the processor time', byProcessor],
])('a measurement by %s', (_, measure) => {
  it('does the work as often as asked, and costs something', async () => {
    let calls = 0
    const costUs = await measure(async () => {
      calls += 1
      for (let i = 0; i < 100_000; i++) Math.sqrt(i)
    })(20)
    expect(calls).toBe(20)
    expect(costUs).toBeGreaterThan(0)
  })
})
