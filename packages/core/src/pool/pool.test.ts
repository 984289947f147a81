import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelSelectionError } from '../errors.ts'
import type { MemberOptions, UpstreamSource } from '../types.ts'
import { createVerdict, type Verdict, type VerdictKind } from '../verdict.ts'
import { type HealthSettings, parseHealthOptions } from './health-options.ts'
import { parseModel } from './match-model.ts'
import type { Member } from './member.ts'
import { type Criteria, type Lease, Pool } from './pool.ts'

const source = async () => new Response()

function poolOf(
  members: readonly (Partial<MemberOptions> & { modelName: string })[],
  health: HealthSettings = {},
): Pool {
  const pool = new Pool(parseHealthOptions({ jitter: 0, ...health }, () => 0))
  for (const member of members) pool.add(source, { ...member, tier: member.tier ?? 0 })
  return pool
}

function asking(model?: string, criteria: Partial<Criteria> = {}): Criteria {
  return {
    path: '/chat/completions',
    model: parseModel(model),
    notBeforeMs: () => 0,
    unsuitableModels: new Set(),
    ...criteria,
  }
}

function take(pool: Pool, model?: string, nowMs = 0): Lease {
  const reservation = pool.reserve(asking(model), nowMs)
  if (reservation.kind !== 'lease') throw new Error(`expected a lease, got ${reservation.kind}`)
  return reservation.lease
}

function settle(pool: Pool, verdict: Verdict, { model, nowMs = 0 }: { model?: string; nowMs?: number } = {}) {
  return pool.settle(take(pool, model, nowMs), verdict, nowMs)
}

const nameOf = (lease: Lease): string => lease.member.name

describe('tiers', () => {
  it('uses the lowest tier that has a free and healthy member', () => {
    const pool = poolOf([
      { modelName: 'far', tier: 2 },
      { modelName: 'near', maxConcurrent: 1 },
      { modelName: 'middle', tier: 1, maxConcurrent: 1 },
    ])
    expect([take(pool), take(pool), take(pool), take(pool)].map(nameOf)).toEqual(['near', 'middle', 'far', 'far'])
  })

  it('overflows while the tier is unhealthy and comes back with it', () => {
    const pool = poolOf([{ modelName: 'near' }, { modelName: 'far', tier: 1 }])
    settle(pool, createVerdict('rate-limited', { retryAfterMs: 1_000 }))
    expect(nameOf(take(pool, undefined, 999))).toBe('far')
    expect(nameOf(take(pool, undefined, 1_000))).toBe('near')
  })

  it('uses a higher tier for a model that the lower does not serve', () => {
    const pool = poolOf([
      { modelName: 'near', models: ['m'] },
      { modelName: 'far', tier: 1, models: ['n'] },
    ])
    expect(nameOf(take(pool, 'n'))).toBe('far')
  })
})

describe('a reservation', () => {
  it('waits for a slot when everybody is busy, and takes the one that is given back', () => {
    const pool = poolOf([{ modelName: 'a', maxConcurrent: 1 }])
    const lease = take(pool)
    expect(pool.reserve(asking(), 0)).toEqual({ kind: 'wait', untilMs: Number.POSITIVE_INFINITY, busy: true })
    pool.settle(lease, createVerdict('ok'), 0)
    expect(nameOf(take(pool))).toBe('a')
  })

  it('waits for the first member that comes back when everybody is out', () => {
    const pool = poolOf([{ modelName: 'a' }, { modelName: 'b' }])
    settle(pool, createVerdict('rate-limited', { retryAfterMs: 5_000 }), { model: 'a' })
    settle(pool, createVerdict('rate-limited', { retryAfterMs: 3_000 }), { model: 'b' })
    expect(pool.reserve(asking(), 0)).toEqual({ kind: 'wait', untilMs: 3_000, busy: false })
    expect(pool.recoversAtMs(asking(), 0)).toBe(3_000)
  })

  it('lets one probe through to a member that comes back; the others wait for its result', () => {
    const pool = poolOf([{ modelName: 'a' }])
    settle(pool, createVerdict('rate-limited', { retryAfterMs: 1_000 }))
    const probe = take(pool, undefined, 1_000)
    expect(pool.reserve(asking(), 1_000)).toMatchObject({ kind: 'wait', busy: true })
    expect(pool.settle(probe, createVerdict('ok'), 1_001)).toBe('recovered')
    expect([take(pool), take(pool)].map(nameOf)).toEqual(['a', 'a'])
  })

  it('frees the probe when the caller walked away', () => {
    const pool = poolOf([{ modelName: 'a' }])
    settle(pool, createVerdict('rate-limited', { retryAfterMs: 1_000 }))
    pool.settle(take(pool, undefined, 1_000), createVerdict('cancelled'), 1_000)
    expect(nameOf(take(pool, undefined, 1_000))).toBe('a')
  })

  it('is none when the call may use nobody any more', () => {
    const pool = poolOf([{ modelName: 'a' }, { modelName: 'b', models: ['m'] }])
    const never = { notBeforeMs: () => Number.POSITIVE_INFINITY }
    expect(pool.reserve(asking('m', never), 0)).toEqual({ kind: 'none' })
    expect(pool.reserve(asking('m', { unsuitableModels: new Set(['m']) }), 0)).toEqual({ kind: 'none' })
  })

  it('waits out the call’s own back-off for a member', () => {
    const pool = poolOf([{ modelName: 'a' }])
    const patient = asking(undefined, { notBeforeMs: () => 400 })
    expect(pool.reserve(patient, 399)).toEqual({ kind: 'wait', untilMs: 400, busy: false })
    expect(pool.reserve(patient, 400).kind).toBe('lease')
  })

  it('skips only the models that proved unsuitable', () => {
    const pool = poolOf([
      { modelName: 'small', aliases: { chat: 'small-8k' } },
      { modelName: 'large', aliases: { chat: 'large-128k' }, tier: 1 },
    ])
    const reservation = pool.reserve(asking('chat', { unsuitableModels: new Set(['small-8k']) }), 0)
    expect(reservation).toMatchObject({ kind: 'lease', lease: { upstreamModel: 'large-128k' } })
  })
})

describe('which members serve a request', () => {
  it('is the one that is named, alone, even when another serves a model of that name', () => {
    const pool = poolOf([
      { modelName: 'a', models: ['m'], tier: 1, maxConcurrent: 1 },
      { modelName: 'b', models: ['a'] },
    ])
    const lease = take(pool, 'a')
    expect([nameOf(lease), lease.upstreamModel]).toEqual(['a', 'm'])
    expect(pool.reserve(asking('a'), 0)).toMatchObject({ kind: 'wait', busy: true })
  })

  it('never is a member with an empty list', () => {
    const pool = poolOf([
      { modelName: 'mute', models: [] },
      { modelName: 'b', models: ['m'], tier: 5 },
    ])
    expect(nameOf(take(pool))).toBe('b')
    expect(() => pool.reserve(asking('mute'), 0)).toThrow(ModelSelectionError)
  })

  it('is nobody for an unknown model: the error lists what is served, aliases too, and no member name', () => {
    const pool = poolOf([
      { modelName: 'a', models: ['m2', 'm1'] },
      { modelName: 'b', models: ['m1'], aliases: { chat: 'm1' } },
    ])
    const error = catchError(() => pool.reserve(asking('gpt-9'), 0))
    expect(error).toMatchObject({ code: 'model-unknown', model: 'gpt-9', available: ['chat', 'm1', 'm2'] })
    expect(error.message).toBe('No member serves the model "gpt-9"; the pool serves chat, m1, m2.')
  })

  it('is nobody in an empty pool, and the error says how to fill it', () => {
    const error = catchError(() => poolOf([]).reserve(asking('m'), 0))
    expect(error).toMatchObject({ code: 'no-members', available: [] })
    expect(error.message).toContain('addModel()')
  })

  it('is said within bounds when the name or the list is endless', () => {
    const models = Array.from({ length: 1_000 }, (_, i) => `model-${i}`)
    const error = catchError(() => poolOf([{ modelName: 'a', models }]).reserve(asking('x'.repeat(100_000)), 0))
    expect(error.message.length).toBeLessThan(600)
  })
})

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

describe('changing the pool', () => {
  it('refuses a name that is taken, and a change of nobody', () => {
    const pool = poolOf([{ modelName: 'a' }])
    expect(() => pool.add(source, { modelName: 'a', tier: 0 })).toThrow('There is already a member named "a"')
    expect(() => pool.update('b', { weight: 2 })).toThrow('There is no member named "b".')
  })

  it('changes a member in place: slots, health and what is not named stay', () => {
    const pool = poolOf([{ modelName: 'a', models: ['m'], tier: 1, weight: 4, group: 'g' }])
    const running = take(pool)
    settle(pool, createVerdict('rate-limited', { retryAfterMs: 1_000 }))
    pool.update('a', { maxConcurrent: 1 })
    const member = pool.members[0]!
    expect(member.settings).toMatchObject({ models: ['m'], tier: 1, weight: 4, group: 'g', maxConcurrent: 1 })
    expect([member.inFlight, member.phase(0)]).toEqual([1, 'open'])
    expect(pool.reserve(asking(), 1_000)).toMatchObject({ kind: 'wait', busy: true })
    pool.settle(running, createVerdict('ok'), 1_000)
    expect(member.inFlight).toBe(0)
  })

  it.each([
    ['weight', { weight: -1 }],
    ['source', { weight: 9, source: { baseURL: 'ftp://a.example' } }],
  ])('changes nothing when the new %s is wrong', (_, changes) => {
    const pool = poolOf([{ modelName: 'a', weight: 4 }])
    const { transport } = pool.members[0]!
    expect(() => pool.update('a', changes)).toThrow()
    expect(pool.members[0]).toMatchObject({ transport, settings: { weight: 4 } })
  })

  it('lets a request in flight finish on a member that was removed', () => {
    const pool = poolOf([{ modelName: 'a' }])
    const lease = take(pool)
    expect([pool.remove('a'), pool.remove('a'), pool.has('a')]).toEqual([true, false, false])
    expect(pool.settle(lease, createVerdict('ok'), 0)).toBeUndefined()
    expect(lease.member.inFlight).toBe(0)
  })

  it.each([undefined, null, 5, {}, { baseURL: 5 }])('says what a member may be when it is given %j', (wrong) => {
    const add = () => poolOf([]).add(wrong as unknown as UpstreamSource, { modelName: 'a', tier: 0 })
    expect(add).toThrow(TypeError)
    expect(add).toThrow('A member must be a transport function, { baseURL, apiKey | headers, fetch }, ')
  })
})

describe('any sequence of reservations', () => {
  /** Keeps what it was lent, so that every step can be checked against the pool. */
  class Borrower {
    readonly pool: Pool
    readonly running: Lease[] = []
    nowMs = 0

    constructor(limits: readonly number[]) {
      this.pool = poolOf([
        { modelName: 'a', models: ['m'], maxConcurrent: limits[0] },
        { modelName: 'b', models: ['m', 'n'], maxConcurrent: limits[1], group: 'g' },
        { modelName: 'c', maxConcurrent: limits[2], group: 'g', tier: 1 },
      ])
    }

    reserve(model: string | undefined): void {
      const reservation = this.pool.reserve(asking(model), this.nowMs)
      if (reservation.kind === 'lease') this.running.push(reservation.lease)
      if (reservation.kind === 'wait') expect(reservation.untilMs).toBeGreaterThan(this.nowMs)
    }

    settle(index: number, kind: VerdictKind): void {
      const [lease] = this.running.splice(index % Math.max(1, this.running.length), 1)
      if (lease) this.pool.settle(lease, createVerdict(kind), this.nowMs)
    }

    check(): void {
      for (const member of this.pool.members) {
        const held = this.running.filter((lease) => lease.member === member)
        expect(member.inFlight).toBe(held.length)
        expect(held.length).toBeLessThanOrEqual(member.settings.maxConcurrent)
        expect(
          held.filter((lease) => lease.ticket.probe && member.phase(this.nowMs) === 'halfOpen').length,
        ).toBeLessThan(2)
      }
    }
  }

  const KINDS = ['ok', 'rate-limited', 'unavailable', 'interrupted', 'cancelled', 'model-missing', 'suspended'] as const
  const step: fc.Arbitrary<(borrower: Borrower) => void> = fc.oneof(
    fc.constantFrom(undefined, 'm', 'n', 'a').map((model) => (borrower: Borrower) => borrower.reserve(model)),
    fc.tuple(fc.nat(), fc.constantFrom(...KINDS)).map(
      ([index, kind]) =>
        (borrower: Borrower) =>
          borrower.settle(index, kind),
    ),
    fc.nat(3_000).map((ms) => (borrower: Borrower) => {
      borrower.nowMs += ms
    }),
  )
  const limit = fc.integer({ min: 1, max: 3 })

  it('never has more in flight than a member’s limit, nor two probes at once, and counts every slot back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.tuple(limit, limit, limit), (steps, limits) => {
        const borrower = new Borrower(limits)
        for (const run of steps) {
          run(borrower)
          borrower.check()
        }
      }),
      { numRuns: 200 },
    )
  })
})

function catchError(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error(`nothing was thrown by ${inspect(run)}`)
}
