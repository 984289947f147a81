import { describe, expect, it } from 'vitest'
import { CRITICAL_4_DF, chiSquare, seededRandom } from '../fixtures/seeded-random.ts'
import { createVerdict } from '../verdict.ts'
import { parseHealthOptions } from './health-options.ts'
import type { Member } from './member.ts'
import { type Criteria, type Lease, Pool } from './pool.ts'
import type { Strategy } from './strategy.ts'

const WEIGHTS = [1, 2, 3, 10, 34]
const criteria: Criteria = { path: '/x', model: undefined, notBeforeMs: () => 0, unsuitableModels: new Set() }

function poolOf(strategy: Strategy, weights: readonly number[], options: { maxConcurrent?: number } = {}): Pool {
  const pool = new Pool(parseHealthOptions({}, seededRandom(5)), strategy)
  for (const [index, weight] of weights.entries()) {
    pool.add(async () => new Response(), { modelName: String(index), weight, tier: 0, ...options })
  }
  return pool
}

function take(pool: Pool, nowMs = 0): Lease {
  const reservation = pool.reserve(criteria, nowMs)
  if (reservation.kind !== 'lease') throw new Error(`expected a lease, got ${reservation.kind}`)
  return reservation.lease
}

function release(pool: Pool, lease: Lease): void {
  pool.settle(lease, createVerdict('ok'), 0)
}

function pickOne(pool: Pool): number {
  const lease = take(pool)
  release(pool, lease)
  return Number(lease.member.name)
}

function countPicks(pool: Pool, picks: number): number[] {
  const counts = WEIGHTS.map(() => 0)
  for (let i = 0; i < picks; i++) counts[pickOne(pool)]! += 1
  return counts
}

describe('weighted-random', () => {
  it('gives five members their shares of 20,000 selections', () => {
    expect(chiSquare(countPicks(poolOf('weighted-random', WEIGHTS), 20_000), WEIGHTS)).toBeLessThan(CRITICAL_4_DF)
  })

  it('keeps the proportions of the others exact while the heaviest is busy', () => {
    const pool = poolOf('weighted-random', [4, 3, 2, 1, 1_000_000], { maxConcurrent: 1 })
    let heaviest = take(pool)
    while (heaviest.member.name !== '4') heaviest = take(pool)
    for (const member of pool.members) if (member.name !== '4' && member.inFlight > 0) member.inFlight = 0
    expect(chiSquare(countPicks(pool, 20_000).slice(0, 4), [4, 3, 2, 1])).toBeLessThan(16.266)
  })

  it('uses members of weight 0 only when no other can', () => {
    const pool = poolOf('weighted-random', [0, 1], { maxConcurrent: 1 })
    expect([take(pool), take(pool)].map(({ member }) => member.name)).toEqual(['1', '0'])
  })
})

describe('smooth-weighted-round-robin', () => {
  it('gives exact shares, evenly spread', () => {
    const pool = poolOf('smooth-weighted-round-robin', [5, 1, 1])
    expect(Array.from({ length: 14 }, () => pickOne(pool)).join('')).toBe('00102000010200')
  })

  it('goes on without a member that is out, and takes it back', () => {
    const pool = poolOf('smooth-weighted-round-robin', [1, 1], { maxConcurrent: 1 })
    const first = take(pool)
    expect([pickOne(pool), pickOne(pool)]).toEqual([1, 1])
    release(pool, first)
    expect(new Set([pickOne(pool), pickOne(pool)])).toEqual(new Set([0, 1]))
  })
})

describe('least-busy', () => {
  it('fills members in proportion to their weights', () => {
    const pool = poolOf('least-busy', [1, 3])
    const names = Array.from({ length: 8 }, () => take(pool).member.name)
    expect(names.filter((name) => name === '1')).toHaveLength(6)
  })
})

describe('peak-ewma', () => {
  function pickWith(latencies: readonly number[]): number[] {
    const pool = poolOf('peak-ewma', [1, 1, 1, 1, 1])
    for (const [index, ms] of latencies.entries()) (pool.members[index] as Member).firstContent.add(ms, 0)
    const counts = WEIGHTS.map(() => 0)
    for (let i = 0; i < 2_000; i++) {
      const lease = take(pool)
      counts[Number(lease.member.name)]! += 1
      lease.member.inFlight -= 1
    }
    return counts
  }

  it('avoids the slow one of five, which only meets itself', () => {
    const [slow = 0, ...fast] = pickWith([1_000, 10, 10, 10, 10])
    expect(slow).toBeLessThan(150)
    expect(Math.min(...fast)).toBeGreaterThan(300)
  })

  it('does not send everything to a member that has not answered yet', () => {
    const pool = poolOf('peak-ewma', [1, 1])
    for (let i = 0; i < 20; i++) take(pool)
    expect(pool.members.map(({ inFlight }) => inFlight).every((count) => count >= 5)).toBe(true)
  })
})

describe('a function', () => {
  it('picks by name from the members that are free', () => {
    const seen: string[][] = []
    const pool = poolOf(
      (members) => {
        seen.push(members.map(({ name }) => name))
        return members.find(({ name }) => name === '2') ?? members[0]
      },
      WEIGHTS,
      { maxConcurrent: 1 },
    )
    expect([take(pool), take(pool)].map(({ member }) => member.name)).toEqual(['2', '0'])
    expect(seen).toEqual([
      ['0', '1', '2', '3', '4'],
      ['0', '1', '3', '4'],
    ])
  })

  it('falls back to the first when it picks nobody that is there', () => {
    const stranger = { name: 'stranger', weight: 1, inFlight: 0, firstContentMs: 0 }
    expect(pickOne(poolOf(() => undefined, WEIGHTS))).toBe(0)
    expect(pickOne(poolOf(() => stranger, WEIGHTS))).toBe(0)
  })
})

it('refuses a strategy that it does not know', () => {
  expect(() => poolOf('random' as Strategy, WEIGHTS)).toThrow('strategy must be weighted-random,')
  expect(() => poolOf('toString' as Strategy, WEIGHTS)).toThrow('strategy must be')
})
