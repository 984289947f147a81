import { describe, expect, it } from 'vitest'
import { CRITICAL_4_DF, chiSquare } from '../fixtures/seeded-random.ts'
import { parseHealthOptions } from './health-options.ts'
import { Member } from './member.ts'
import { selectByAffinity } from './rendezvous.ts'
import type { Candidate } from './tier.ts'

function candidate(name: string, weight = 1): Candidate {
  const health = parseHealthOptions({}, () => 0)
  const member = new Member(async () => new Response(), { modelName: name, weight, tier: 0 }, health)
  return { member, path: '/chat/completions', upstreamModel: 'm', weight }
}

function ownersOf(candidates: readonly Candidate[], keys: number): string[] {
  return Array.from({ length: keys }, (_, key) => selectByAffinity(candidates, `conversation-${key}`)!.member.name)
}

describe('affinity', () => {
  it('keeps a key on its member, whatever the order of the members', () => {
    const members = ['a', 'b', 'c', 'd'].map((name) => candidate(name))
    expect(ownersOf(members, 100)).toEqual(ownersOf([...members].reverse(), 100))
  })

  it('spreads keys by weight', () => {
    const weights = [1, 2, 3, 10, 34]
    const owners = ownersOf(
      weights.map((weight, index) => candidate(String(index), weight)),
      20_000,
    )
    const counts = weights.map((_, index) => owners.filter((owner) => owner === String(index)).length)
    expect(chiSquare(counts, weights)).toBeLessThan(CRITICAL_4_DF)
  })

  it.each([2, 5, 20, 100])('moves only the keys of the member that went, about 1 in %i', (n) => {
    const members = Array.from({ length: n }, (_, index) => candidate(`gonka:gonka1participant${index}`))
    const before = ownersOf(members, 5_000)
    const after = ownersOf(members.slice(1), 5_000)
    const moved = before.filter((owner, key) => owner !== after[key])
    expect(new Set(moved)).toEqual(new Set([members[0]!.member.name]))
    expect(moved.length / 5_000).toBeLessThan(1 / n + 0.03)
  })

  it('gives nothing for nobody, and a standby only when there is nothing else', () => {
    expect(selectByAffinity([], 'key')).toBeUndefined()
    expect(new Set(ownersOf([candidate('standby', 0), candidate('a', 0.001)], 50))).toEqual(new Set(['a']))
    expect(new Set(ownersOf([candidate('x', 0), candidate('y', 0)], 50)).size).toBe(2)
  })
})
