import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seededRandom } from '../seeded-random.ts'
import { planOutages } from './plan-outages.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

it('is up for exactly the uptime, whatever the seed', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
      (seed, uptime, mean) => {
        const plan = planOutages({ uptime, slots: 1_000, meanOutageSlots: mean, random: seededRandom(seed) })
        expect(plan).toHaveLength(1_000)
        expect(plan.filter(Boolean)).toHaveLength(1_000 - Math.round((1 - uptime) * 1_000))
      },
    ),
  )
})

it('has outages as long as asked for, on average, at times that the seed decides', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const plan = planOutages({ uptime: 0.8, slots: 1_000, meanOutageSlots: 10, random: seededRandom(seed) })
      expect(plan.filter((up, slot) => !up && (slot === 0 || plan[slot - 1]))).toHaveLength(20)
    }),
  )
  const [one, same, other] = [1, 1, 2].map((seed) =>
    planOutages({ uptime: 0.8, slots: 1_000, meanOutageSlots: 10, random: seededRandom(seed) }),
  )
  expect(one).toEqual(same)
  expect(one).not.toEqual(other)
})
