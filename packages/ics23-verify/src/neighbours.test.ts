import { expect, it } from 'vitest'
import { utf8 } from './fixtures/bytes.ts'
import { areAdjacent, type Way } from './neighbours.ts'
import type { Side } from './spec.ts'

it('accepts ways that part once and then cling to each other', () => {
  expect(areAdjacent(way('a:left'), way('b:right'))).toBe(true)
  expect(areAdjacent(way('a:right', 'b:left', 'top:left'), way('c:left', 'd:left', 'e:right', 'top:left'))).toBe(true)
})

it('refuses ways that never part, or end where the other goes on', () => {
  const short = way('top:left')
  const long = way('a:right', 'top:left')
  expect(areAdjacent(short, short)).toBe(false)
  expect(areAdjacent(long, long)).toBe(false)
  expect(areAdjacent(short, long)).toBe(false)
  expect(areAdjacent(long, short)).toBe(false)
  expect(areAdjacent(way(), way())).toBe(false)
  expect(areAdjacent(way(), short)).toBe(false)
  expect(areAdjacent(short, way())).toBe(false)
})

it('refuses ways that part to the same side or crosswise', () => {
  for (const [left, right] of [
    ['left', 'left'],
    ['right', 'right'],
    ['right', 'left'],
  ]) {
    expect(areAdjacent(way(`a:${left}`), way(`b:${right}`))).toBe(false)
  }
})

it('refuses ways with room between them', () => {
  expect(areAdjacent(way('a:left', 'b:left'), way('c:right'))).toBe(false)
  expect(areAdjacent(way('a:left', 'b:right', 'c:left'), way('d:right'))).toBe(false)
  expect(areAdjacent(way('a:left'), way('b:right', 'c:right'))).toBe(false)
  expect(areAdjacent(way('a:left'), way('b:right', 'c:left', 'd:right'))).toBe(false)
})

it('tells nodes apart by what stands before and after the child', () => {
  const one = { path: [{ hash: 1, prefix: utf8('p'), suffix: utf8('s') }], sides: ['left' as Side] }
  const otherPrefix = { path: [{ hash: 1, prefix: utf8('q'), suffix: utf8('s') }], sides: ['right' as Side] }
  const otherSuffix = { path: [{ hash: 1, prefix: utf8('p'), suffix: utf8('t') }], sides: ['right' as Side] }
  expect(areAdjacent(one, otherPrefix)).toBe(true)
  expect(areAdjacent(one, otherSuffix)).toBe(true)
})

/** A way from the leaf to the root, as `node:side` per step. */
function way(...steps: string[]): Way {
  const parts = steps.map((step) => step.split(':') as [string, Side])
  return {
    path: parts.map(([name, side]) => ({ hash: 1, prefix: utf8(name), suffix: utf8(side) })),
    sides: parts.map(([, side]) => side),
  }
}
