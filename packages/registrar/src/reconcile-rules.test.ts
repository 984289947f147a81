import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryPool, nameOf, participant } from './fixtures/memory-pool.ts'
import { ModelRegistrar } from './model-registrar.ts'

const sketch = fc.record({
  n: fc.integer({ min: 1, max: 6 }),
  weight: fc.integer({ min: 0, max: 3 }),
  host: fc.constantFrom('a.example', 'b.example'),
  models: fc.subarray(['m', 'n']),
})
const sets = fc.array(fc.array(sketch, { maxLength: 8 }), { maxLength: 8 })

test('for any sequence of sets the pool holds the last one, and who stays is never removed and added again', () => {
  fc.assert(
    fc.property(sets, (sequence) => {
      const pool = new MemoryPool()
      pool.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: 'mine' })
      const registrar = new ModelRegistrar({ createClient: ({ baseUrl }) => ({ baseURL: baseUrl }) })
      let before = new Set<string>()
      for (const [index, sketches] of sequence.entries()) {
        const epochId = index + 1
        const participants = sketches.map((each) => participant({ epochId, ...each }))
        const after = new Set(sketches.map(({ n }) => nameOf(n)))
        pool.log.length = 0
        const result = registrar.reconcile(pool, { epochId, participants })

        expect(pool.names).toEqual([...after, 'mine'].sort())
        expect(registrar.getRegisteredModels(epochId)).toEqual(after)
        expect(pool.log.filter((line) => line.startsWith('add')).sort()).toEqual(
          [...after]
            .filter((name) => !before.has(name))
            .map((name) => `add ${name}`)
            .sort(),
        )
        expect(pool.log.filter((line) => line.startsWith('remove')).sort()).toEqual(
          [...before]
            .filter((name) => !after.has(name))
            .map((name) => `remove ${name}`)
            .sort(),
        )
        const stayed = pool.log.filter((line) => line.startsWith('update'))
        expect(stayed.length).toBe([...after].filter((name) => before.has(name)).length)
        expect(result.updated).toBeLessThanOrEqual(stayed.length)
        for (const each of new Map([...participants].reverse().map((one) => [one.address, one])).values()) {
          const { weight, models, source } = pool.members.get(`gonka:${each.address}`) ?? {}
          expect({ weight, models, source }).toEqual({
            weight: each.weight,
            models: each.models,
            source: { baseURL: each.baseUrl },
          })
        }
        before = after
      }
    }),
  )
})
