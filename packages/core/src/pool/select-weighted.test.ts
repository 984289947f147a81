import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CRITICAL_4_DF, chiSquare, seededRandom } from '../fixtures/seeded-random.ts'
import { selectWeighted } from './select-weighted.ts'

const PICKS = 20_000
function candidates(...weights: number[]) {
  return weights.map((weight, index) => ({ index, weight }))
}

function countPicks(weights: number[], seed: number): number[] {
  const counts = weights.map(() => 0)
  const among = candidates(...weights)
  const random = seededRandom(seed)
  for (let i = 0; i < PICKS; i++) counts[selectWeighted(among, random)!.index]! += 1
  return counts
}

describe('picking by weight', () => {
  it.each([1, 2, 3])('gives five members their shares of 20,000 picks (seed %i)', (seed) => {
    const weights = [1, 2, 3, 10, 34]
    expect(chiSquare(countPicks(weights, seed), weights)).toBeLessThan(CRITICAL_4_DF)
  })

  it('gives equal shares when nobody has a weight', () => {
    expect(chiSquare(countPicks([0, 0, 0, 0, 0], 7), [1, 1, 1, 1, 1])).toBeLessThan(CRITICAL_4_DF)
  })

  it('passes over members without weight while there is one with weight', () => {
    expect(countPicks([0, 1, 0, 1e-9, 0], 11).map((count) => count > 0)).toEqual([false, true, false, false, false])
    expect(selectWeighted(candidates(1, 0), () => 1 - 2 ** -53)?.index).toBe(0)
  })

  it('keeps a weight of 1 beside one of 10^15', () => {
    const among = candidates(1, 1e15)
    expect(selectWeighted(among, () => 0)?.index).toBe(0)
    expect(selectWeighted(among, () => 0.5)?.index).toBe(1)
  })

  it('picks nobody from nobody', () => {
    expect(selectWeighted([], () => 0)).toBeUndefined()
  })

  it('always picks a candidate, and one with weight if there is one', () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e300, noNaN: true }), fc.nat())
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 20 }), chance, (weights, at) => {
        const among = candidates(...weights)
        const picked = selectWeighted(among, () => at)
        expect(among).toContain(picked)
        expect(picked!.weight > 0).toBe(weights.some((one) => one > 0))
      }),
    )
  })
})
