import { Router } from '@multiplexer/core/router'
import { expect, test } from 'vitest'
import { MemoryPool, nameOf, participant, setOf } from './fixtures/memory-pool.ts'
import { ModelRegistrar } from './model-registrar.ts'

const createClient = () => ({ baseURL: 'http://p.example/v1' })

/** A router in which a user has put a member of their own in the place of participant 2's. */
function replaceSecond(): { router: Router; registrar: ModelRegistrar; skipped: object[] } {
  const skipped: object[] = []
  const logger = { warn: (_: string, details: object = {}) => void skipped.push(details) }
  const registrar = new ModelRegistrar({ createClient }, { logger })
  const router = new Router()
  registrar.reconcile(router, setOf(1, { n: 1 }, { n: 2 }))
  router.removeModel(nameOf(2))
  router.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: nameOf(2), weight: 77 })
  return { router, registrar, skipped }
}

test('a member that a user put in the place of a participant is not updated, and the participant is skipped', () => {
  const { router, registrar, skipped } = replaceSecond()
  const result = registrar.reconcile(router, setOf(2, { n: 1, weight: 5 }, { n: 2, weight: 6 }))
  expect(result).toEqual({ added: 0, removed: 0, updated: 1, failed: 1 })
  expect(router.getStats().members[nameOf(2)]).toMatchObject({ weight: 77, group: nameOf(2) })
  expect(skipped).toMatchObject([{ modelName: nameOf(2), reason: expect.stringContaining('another member named') }])
  expect([...registrar.getRegisteredModels()]).toEqual([nameOf(1)])
})

test('nor is it removed when the participant leaves, or all are taken out', () => {
  const leaving = replaceSecond()
  expect(leaving.registrar.reconcile(leaving.router, setOf(2, { n: 1 }))).toMatchObject({ removed: 0 })
  const ending = replaceSecond()
  expect(ending.registrar.unregisterAll(ending.router, 1)).toBe(1)
  for (const { router } of [leaving, ending]) expect(router.hasModel(nameOf(2))).toBe(true)
})

test('the participant is back once the user has taken theirs out', () => {
  const { router, registrar } = replaceSecond()
  registrar.reconcile(router, setOf(1, { n: 1 }, { n: 2 }))
  router.removeModel(nameOf(2))
  expect(registrar.reconcile(router, setOf(1, { n: 1 }, { n: 2 }))).toMatchObject({ added: 1, failed: 0 })
  expect(router.getStats().members[nameOf(2)]).toMatchObject({ group: 'gonka:' })
})

test('a pool that shows other statistics, or none, is served all the same', () => {
  const pool = Object.assign(new MemoryPool(), { getStats: () => undefined })
  const registrar = new ModelRegistrar({ createClient })
  registrar.registerOne(pool, participant({ n: 1 }))
  expect(registrar.reconcile(pool, setOf(2, { n: 1, weight: 9 }))).toMatchObject({ updated: 1, failed: 0 })
})
