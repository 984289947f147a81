import { describe, expect, it } from 'vitest'
import { createVerdict } from '../verdict.ts'
import { asking, nameOf, poolOf, settle, take } from './fixtures/pool-of.ts'

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
