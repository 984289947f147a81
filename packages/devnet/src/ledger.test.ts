import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { Chain } from './chain.ts'
import { deriveAccountKeys, deriveValidatorKey } from './derive.ts'
import { createEpoch, type EpochMember, Epochs } from './epochs.ts'
import { createHistory, earliestHeight, startHeight } from './history.ts'
import { Ledger } from './ledger.ts'

function createMembers(weights: readonly number[]): EpochMember[] {
  return weights.map((weight, index) => ({
    index,
    address: deriveAccountKeys('ledger', `participant/${index}`).address,
    validatorKey: deriveValidatorKey('ledger', `validator/${index}`),
    weight,
    inferenceUrl: `http://127.0.0.1:${9_000 + index}`,
    models: ['a'],
  }))
}

function createLedger({ epoch = 7, weights = [5, 3, 2] } = {}) {
  const chain = new Chain({ now: () => 1_767_225_600_000, blockTimeMs: 0, height: startHeight(epoch) })
  const epochs = new Epochs(createEpoch(epoch, startHeight(epoch), []))
  for (const each of createHistory(epoch, createMembers(weights))) epochs.turn(each)
  const firstHeight = earliestHeight(epoch)
  const ledger = new Ledger({ seed: 'ledger', chainId: 'test', chain, epochs, firstHeight })
  const turn = (next: readonly number[]) => {
    chain.advance(3)
    epochs.turn(createEpoch(epochs.current.epochId + 1, chain.height, createMembers(next)))
  }
  return { ledger, chain, epochs, turn, firstHeight }
}

test('a ledger is the same in whatever order and between whatever changes its blocks are asked for', () => {
  const early = createLedger()
  const late = createLedger()
  const hashAt = ({ ledger }: typeof early, height: number) => bytesToHex(ledger.blockAt(height).id.hash)
  const seen = [7_000, 6_930].map((height) => [height, hashAt(early, height)] as const)
  for (const net of [early, late]) {
    net.turn([5, 3, 2, 8])
    net.turn([1])
  }
  const heights = [7_006, 7_003, 7_002, 7_001]
  expect(heights.map((height) => hashAt(early, height))).toEqual(heights.map((height) => hashAt(late, height)))
  expect(seen.map(([height]) => hashAt(late, height))).toEqual(seen.map(([, hash]) => hash))
  expect(early.ledger.commitAt(7_005)).toEqual(late.ledger.commitAt(7_005))
  // Pinned: the ledger of a seed is part of what users rely on from one release to the next.
  expect(hashAt(late, 7_006)).toMatchInlineSnapshot(
    `"8f9cc8bfaddae1f70a4e143d14c43b7c4931ec3bc63926a92e9b71ba1967c9cb"`,
  )
})

test('validators are in order of power, then address; those of no weight are none', () => {
  const { ledger } = createLedger({ weights: [2, 9, 0, 2, 2 ** 53 - 1] })
  const set = ledger.validatorsAt(7_000)
  expect(set.map(({ power }) => power)).toEqual([10 ** 12, 9, 2, 2])
  const [third, fourth] = set.slice(2).map(({ address }) => bytesToHex(address))
  expect(third! < fourth!).toBe(true)
})

test('somebody must sign: without any weight all do, and without members those before', () => {
  const { ledger, turn } = createLedger({ weights: [0, 0] })
  expect(ledger.validatorsAt(7_000).map(({ power }) => power)).toEqual([1, 1])
  turn([])
  expect(ledger.validatorsAt(7_003)).toBe(ledger.validatorsAt(7_000))
})

test('the first epochs have only as much past as there was', () => {
  const past = (epoch: number) => createLedger({ epoch }).epochs.all.map(({ epochId }) => epochId)
  expect([past(1), past(2), past(9)]).toEqual([[1], [1, 2], [6, 7, 8, 9]])
  const { ledger, firstHeight } = createLedger({ epoch: 1 })
  expect(firstHeight).toBeGreaterThan(0)
  expect(ledger.blockAt(firstHeight).header.lastBlockId).toBeUndefined()
  expect(() => ledger.blockAt(firstHeight - 1)).toThrow(RangeError)
  expect(() => ledger.stateAfter(firstHeight - 2)).toThrow(RangeError)
})

test('the state changes where a record is written, and nowhere else', () => {
  const { ledger, turn } = createLedger()
  turn([4, 4])
  const appHashAfter = (height: number) => bytesToHex(ledger.stateAfter(height).appHash)
  expect(appHashAfter(7_000)).toBe(appHashAfter(6_993))
  expect(appHashAfter(7_001)).not.toBe(appHashAfter(7_000))
  expect(appHashAfter(7_003)).toBe(appHashAfter(7_001))
  expect(bytesToHex(ledger.blockAt(7_002).header.appHash)).toBe(appHashAfter(7_001))
})
