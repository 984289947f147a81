import { describe, expect, it } from 'vitest'
import { createVerdict, type Verdict } from '../verdict.ts'
import { asking, nameOf, poolOf, settle, source, take } from './fixtures/pool-of.ts'
import type { Member } from './member.ts'
import type { Pool } from './pool.ts'

describe('health', () => {
  it('forgets a missing model on that member only, for a while', () => {
    const pool = poolOf([
      { modelName: 'a', models: ['m', 'n'] },
      { modelName: 'b', models: ['m', 'n'], tier: 1 },
    ])
    settle(pool, createVerdict('model-missing'), { model: 'm' })
    expect([take(pool, 'm'), take(pool, 'n')].map(nameOf)).toEqual(['b', 'a'])
    expect(nameOf(take(pool, 'm', 600_000))).toBe('a')
  })

  it('forgets a missing model for the path alone at which it was missing', () => {
    const pool = poolOf([{ modelName: 'a', models: ['m'] }])
    const missing = pool.reserve(asking('m', { path: '/responses' }), 0)
    if (missing.kind === 'lease') pool.settle(missing.lease, createVerdict('model-missing'), 0)
    expect(pool.reserve(asking('m', { path: '/responses' }), 1)).toMatchObject({ kind: 'wait', busy: false })
    expect(nameOf(take(pool, 'm', 1))).toBe('a')
  })

  it('asks again for a missing model once the models of the member are said anew', () => {
    const pool = poolOf([{ modelName: 'a', models: ['m'] }])
    settle(pool, createVerdict('model-missing'), { model: 'm' })
    pool.update('a', { weight: 2 })
    expect(pool.reserve(asking('m'), 1).kind).toBe('wait')
    pool.update('a', { models: ['m'] })
    expect(nameOf(take(pool, 'm'))).toBe('a')
  })

  it('ejects a whole group and goes on with the others', () => {
    const pool = poolOf([
      { modelName: 'a', group: 'network' },
      { modelName: 'b', group: 'network' },
      { modelName: 'c', tier: 1 },
    ])
    settle(pool, createVerdict('suspended', { reason: 'no balance' }))
    const [a, , c] = pool.members as [Member, Member, Member]
    expect([pool.suspensionOf(a, 1), pool.suspensionOf(c, 1)]).toEqual(['no balance', undefined])
    expect(nameOf(take(pool))).toBe('c')
    expect(nameOf(take(pool, undefined, 600_000))).toBe('a')
    expect(pool.suspensionOf(a, 600_000)).toBeUndefined()
  })

  it('keeps the longer of two suspensions', () => {
    const pool = poolOf([
      { modelName: 'a', group: 'g' },
      { modelName: 'b', group: 'g' },
    ])
    const leases = [take(pool), take(pool)] as const
    pool.settle(leases[0], createVerdict('suspended', { retryAfterMs: 60_000, reason: 'long' }), 0)
    pool.settle(leases[1], createVerdict('suspended', { retryAfterMs: 1_000, reason: 'short' }), 0)
    expect(pool.reserve(asking(), 0)).toEqual({ kind: 'wait', untilMs: 60_000, busy: false })
    expect(pool.suspensionOf(pool.members[0]!, 30_000)).toBe('long')
  })

  it('ends a suspension with the source, or the member, that it was about', () => {
    const pool = poolOf([{ modelName: 'a' }])
    settle(pool, createVerdict('suspended'))
    pool.update('a', { source: async () => new Response() })
    expect(nameOf(take(pool))).toBe('a')
    settle(pool, createVerdict('suspended'))
    pool.remove('a')
    pool.add(source, { modelName: 'a', tier: 0 })
    expect(nameOf(take(pool))).toBe('a')
  })

  it('keeps a suspension while others of the group are there', () => {
    const pool = poolOf([
      { modelName: 'a', group: 'g' },
      { modelName: 'b', group: 'g' },
    ])
    settle(pool, createVerdict('suspended'))
    pool.update('a', { source })
    pool.remove('a')
    expect(pool.reserve(asking(), 1)).toMatchObject({ kind: 'wait', busy: false })
  })

  const replacements: [string, (pool: Pool) => void][] = [
    ['source', (pool) => pool.update('a', { source: async () => new Response() })],
    ['member of that name', (pool) => void (pool.remove('a') && pool.add(source, { modelName: 'a', tier: 0 }))],
  ]
  it.each(replacements)('holds nothing against a new %s that the former one is told late', (_, replace) => {
    const pool = poolOf([{ modelName: 'a' }])
    const kinds = ['suspended', 'unauthorized', 'rate-limited', 'model-missing'] as const
    const late = kinds.map((kind) => [take(pool), kind] as const)
    replace(pool)
    for (const [lease, kind] of late) pool.settle(lease, createVerdict(kind), 0)
    expect(nameOf(take(pool))).toBe('a')
    expect(late.map(([lease]) => lease.member.inFlight)).not.toContain(-1)
  })

  it('gives nobody an end for a group that is out for good', () => {
    const pool = poolOf([{ modelName: 'a' }])
    settle(pool, createVerdict('suspended', { retryAfterMs: Number.POSITIVE_INFINITY }))
    expect(pool.reserve(asking(), 1e12)).toEqual({ kind: 'none' })
    expect(pool.recoversAtMs(asking(), 1e12)).toBeUndefined()
  })

  const rows: [Verdict, string, number][] = [
    [createVerdict('ok'), 'closed', 0],
    [createVerdict('rate-limited'), 'open', 2_000],
    [createVerdict('rate-limited', { retryAfterMs: 700 }), 'open', 700],
    [createVerdict('unavailable'), 'closed', 0],
    [createVerdict('unavailable', { retryAfterMs: 900 }), 'open', 900],
    [createVerdict('interrupted'), 'closed', 0],
    [createVerdict('unauthorized'), 'open', 600_000],
    [createVerdict('unsuitable'), 'closed', 0],
    [createVerdict('invalid-request'), 'closed', 0],
    [createVerdict('cancelled'), 'closed', 0],
  ]
  it.each(rows)('after one %j is %s until %i ms', (verdict, phase, untilMs) => {
    const pool = poolOf([{ modelName: 'a' }])
    const change = settle(pool, verdict)
    const member = pool.members[0]!
    expect([member.phase(0), member.healthyAtMs({ path: '/chat/completions', upstreamModel: 'm' }), change]).toEqual([
      phase,
      untilMs,
      phase === 'open' ? 'opened' : undefined,
    ])
    expect([member.inFlight, member.attempts, member.verdicts]).toEqual([0, 1, { [verdict.kind]: 1 }])
  })

  it('takes interrupted answers and failures together as one row', () => {
    const pool = poolOf([{ modelName: 'a' }])
    const kinds = ['unavailable', 'interrupted', 'unavailable'] as const
    expect(kinds.map((kind) => settle(pool, createVerdict(kind)))).toEqual([undefined, undefined, 'opened'])
  })
})
