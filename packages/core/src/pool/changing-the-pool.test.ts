import { describe, expect, it } from 'vitest'
import type { UpstreamSource } from '../types.ts'
import { createVerdict } from '../verdict.ts'
import { asking, poolOf, settle, source, take } from './fixtures/pool-of.ts'

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
