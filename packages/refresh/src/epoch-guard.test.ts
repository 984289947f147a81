import { describe, expect, test } from 'vitest'
import { recordingSink, scriptedSource, setOf } from './fixtures/refresh-kit.ts'
import { RefreshManager } from './refresh-manager.ts'
import type { SourcedSet } from './types.ts'

/** The epoch in use after each answer, when epoch 9 was in use before them. */
async function play(answers: readonly (SourcedSet | Error)[], initial: SourcedSet = setOf(9)) {
  const sink = recordingSink()
  const heard: unknown[] = []
  const onEpochChange = (...args: unknown[]): void => void heard.push(args.slice(0, 2))
  const manager = new RefreshManager({ source: scriptedSource(answers), sink, initial, onEpochChange })
  const epochs: unknown[] = []
  const problems: (string | undefined)[] = []
  for (const _ of answers) {
    problems.push((await manager.refreshNow()).error?.message)
    epochs.push(manager.currentEpoch)
  }
  return { epochs, problems, heard }
}

const proven = (epochId: number): SourcedSet => ({ ...setOf(epochId), trust: 'anchored' })

describe('an older epoch', () => {
  test('is used once three unproven lists in a row have said so, and the listener hears of it', async () => {
    const { epochs, problems, heard } = await play([setOf(7), setOf(7), setOf(8), setOf(8)])
    expect(epochs).toEqual([9, 9, 8, 8])
    expect(problems.slice(0, 2)).toEqual([
      'The set was refused: the source went back from epoch 9 to 7; as neither list is proven, it is used if 2 more in a row say so.',
      'The set was refused: the source went back from epoch 9 to 7; as neither list is proven, it is used if 1 more in a row say so.',
    ])
    expect(heard).toEqual([[9, 8]])
  })

  test('is not used while others in between name the one in use', async () => {
    const { epochs } = await play([setOf(7), setOf(7), setOf(9), setOf(7), setOf(7), setOf(9), setOf(7)])
    expect(new Set(epochs)).toEqual(new Set([9]))
  })

  test('is not used when the lists go back further and further', async () => {
    const { epochs } = await play([setOf(8), setOf(7), setOf(6), setOf(5)])
    expect(epochs).toEqual([9, 9, 9, 9])
  })

  test('is used when sources are down in between: they have not said otherwise', async () => {
    const { epochs } = await play([setOf(7), new Error('down'), setOf(7), new Error('down'), setOf(7)])
    expect(epochs).toEqual([9, 9, 9, 9, 7])
  })

  test.each([
    ['it is proven', proven(7), setOf(9)],
    ['the one in use is proven', setOf(7), proven(9)],
    ['both are proven', proven(7), proven(9)],
  ])('is never used when %s', async (_, older, initial) => {
    const { epochs, problems } = await play(Array(10).fill(older), initial)
    expect(new Set(epochs)).toEqual(new Set([9]))
    expect(new Set(problems)).toEqual(new Set(['The set was refused: the source went back from epoch 9 to 7.']))
  })
})
