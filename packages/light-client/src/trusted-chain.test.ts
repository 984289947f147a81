import { expect, test } from 'vitest'
import { createHeader, digest } from './fixtures/chain.ts'
import { TrustedChain } from './trusted-chain.ts'
import type { TrustedState } from './types.ts'

function stateAt(height: bigint): TrustedState {
  const hash = digest(`${height}`)
  return { header: createHeader({ height }), hash, anchorHash: hash }
}

test('finds states by height, whatever the order in which they came', () => {
  const chain = new TrustedChain()
  expect([chain.latest, chain.at(1n), chain.below(1n), chain.above(1n)]).toEqual(Array(4).fill(undefined))
  const [one, five, nine] = [stateAt(1n), stateAt(5n), stateAt(9n)]
  chain.add(nine, one)
  chain.add(five)
  expect([chain.latest, chain.at(5n)]).toEqual([nine, five])
  expect([chain.below(5n), chain.above(5n), chain.below(1n), chain.above(9n)]).toEqual([
    one,
    nine,
    undefined,
    undefined,
  ])
})

test('of two states at a height the first stays', () => {
  const chain = new TrustedChain()
  const first = stateAt(5n)
  chain.add(first, stateAt(6n))
  chain.add(stateAt(5n))
  expect(chain.at(5n)).toBe(first)
})

test('keeps 256: the lowest and the newest', () => {
  const chain = new TrustedChain()
  for (let height = 1n; height <= 1_000n; height++) chain.add(stateAt(height))
  const kept = Array.from({ length: 1_000 }, (_, index) => BigInt(index + 1)).filter((height) => chain.at(height))
  expect([kept.length, kept[0], kept[1], kept.at(-1)]).toEqual([256, 1n, 746n, 1_000n])
})

test('one height many times takes the place of one', () => {
  const chain = new TrustedChain()
  const states = Array.from({ length: 256 }, (_, index) => stateAt(BigInt(index + 1)))
  chain.add(...states)
  for (let round = 0; round < 300; round++) chain.add(stateAt(200n))
  expect(states.filter(({ header }) => !chain.at(header.height))).toEqual([])
})
