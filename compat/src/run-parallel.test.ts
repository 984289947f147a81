import { expect, test } from 'vitest'
import { runParallel } from './run-parallel.ts'

test('keeps the order of the items and never runs more than the limit at once', async () => {
  let running = 0
  let most = 0
  const results = await runParallel([3, 1, 2, 0], 2, async (item) => {
    running += 1
    most = Math.max(most, running)
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
    running -= 1
    return item * 10
  })
  expect(results).toEqual([30, 10, 20, 0])
  expect(most).toBe(2)
})

test('fails with the failure of an item', async () => {
  const work = async (item: number): Promise<number> => {
    if (item === 2) throw new Error('two')
    return item
  }
  await expect(runParallel([1, 2, 3], 2, work)).rejects.toThrow('two')
})
