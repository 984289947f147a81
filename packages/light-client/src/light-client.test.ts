import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clockAt, createChain, signBlock } from './fixtures/chain.ts'
import { codeOf, createSpyStore, FOUR, STEADY, setUp, TURNING } from './fixtures/clients.ts'
import { createMembers, type Member } from './fixtures/members.ts'
import { rejectionOf } from './fixtures/refusals.ts'
import { createSource } from './fixtures/sources.ts'
import type { BlockSource } from './types.ts'

describe('forwards', () => {
  test('one skip is enough while the set stays', async () => {
    const { client, primary } = setUp(STEADY)
    const state = await client.headerAt(50)
    expect(state).toMatchObject({ header: STEADY.header(50n), hash: STEADY.hash(50n), anchorHash: STEADY.hash(1n) })
    expect(primary.headers).toEqual([1n, 50n])
    expect(primary.sets).toEqual([50n, 2n])
  })

  test('the next height needs no other set', async () => {
    const { client, primary } = setUp(TURNING, { trustHeight: 20n })
    expect((await client.headerAt(21n)).hash).toEqual(TURNING.hash(21n))
    expect(primary.sets).toEqual([21n])
  })

  test('blocks in between are found where sets change', async () => {
    const { client, primary } = setUp(TURNING)
    expect((await client.headerAt(100n)).hash).toEqual(TURNING.hash(100n))
    expect(primary.headers).toEqual(expect.arrayContaining([20n, 40n, 60n, 80n]))
    expect(primary.headers.length).toBeLessThan(25)
    expect(new Set(primary.headers).size).toBe(primary.headers.length)
  })

  test('sets that change a little by little are followed by their overlap', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `r${index}`)
    const rolling = (height: bigint): readonly Member[] =>
      createMembers(Object.fromEntries(names.slice(Number(height), Number(height) + 6).map((name) => [name, 5n])))
    const chain = createChain({ length: 60, members: rolling })
    const { client } = setUp(chain)
    expect((await client.headerAt(60n)).hash).toEqual(chain.hash(60n))
  })

  test('of many blocks in between, the furthest are let go and fetched again: a liar’s sets would fill the memory', async () => {
    const chain = createChain({ length: 300, members: (height) => createMembers({ [`m${height}`]: 1n }) })
    const { client, primary } = setUp(chain, { maxBisections: 300 })
    expect((await client.headerAt(300n)).hash).toEqual(chain.hash(300n))
    const timesOf = (height: bigint): number => primary.headers.filter((asked) => asked === height).length
    const [, furthest, ...pivots] = primary.headers.slice(0, 10) as bigint[]
    expect([furthest, timesOf(300n)]).toEqual([300n, 2])
    expect(pivots.slice(-4).map(timesOf)).toEqual([1, 1, 1, 1])
  })

  test('what was verified is not asked for again', async () => {
    const { client, primary } = setUp(STEADY)
    const first = await client.headerAt(50n)
    const { length } = primary.headers
    expect(await client.headerAt(50n)).toBe(first)
    expect(await client.headerAt(1n)).toMatchObject({ hash: STEADY.hash(1n) })
    expect(primary.headers).toHaveLength(length)
    await client.headerAt(52n)
    expect(primary.sets).toEqual([50n, 2n, 52n])
  })

  test('a height between two trusted ones is reached from the one below', async () => {
    const { client, primary } = setUp(STEADY)
    await client.headerAt(50n)
    await client.headerAt(30n)
    expect(primary.headers).toEqual([1n, 50n, 30n])
  })

  test('latest is the newest of the primary, and never older than what is trusted', async () => {
    let tip = 40n
    const { block } = STEADY
    const lie: Partial<BlockSource> = { signedHeader: async (height) => block(height === 'latest' ? tip : height) }
    const { client } = setUp(STEADY, { lie })
    expect((await client.headerAt('latest')).header.height).toBe(40n)
    tip = 30n
    expect((await client.headerAt('latest')).header.height).toBe(40n)
    tip = 41n
    expect((await client.headerAt('latest')).header.height).toBe(41n)
  })

  test('several calls at once all get their header, and the newest is kept', async () => {
    const store = createSpyStore()
    const { client } = setUp(TURNING, { store })
    const heights = [100n, 3n, 55n, 77n, 21n]
    const states = await Promise.all(heights.map((height) => client.headerAt(height)))
    expect(states.map(({ hash }) => hash)).toEqual(heights.map(TURNING.hash))
    expect((await store.load())?.header.height).toBe(100n)
  })

  test('any way through a chain gives the same headers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 }), async (heights) => {
        const { client } = setUp(TURNING, { trustHeight: 50n })
        for (const height of heights) {
          expect((await client.headerAt(height)).hash).toEqual(TURNING.hash(BigInt(height)))
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('backwards', () => {
  test('earlier headers are reached by hash links, without signatures', async () => {
    const { client, primary } = setUp(STEADY, { trustHeight: 30n, ed25519Verify: () => false })
    const state = await client.headerAt(26n)
    expect(state).toMatchObject({ header: STEADY.header(26n), hash: STEADY.hash(26n), anchorHash: STEADY.hash(30n) })
    expect(primary.headers).toEqual([30n, 29n, 28n, 27n, 26n])
    expect(primary.sets).toEqual([])
  })

  test('also from a header whose trusting period is over', async () => {
    const { client } = setUp(STEADY, { trustHeight: 30n, trustingPeriodMs: 1_000 })
    expect((await client.headerAt(28n)).hash).toEqual(STEADY.hash(28n))
    expect(await codeOf(client.headerAt(31n))).toBe('trust-expired')
  })

  test('from the nearest trusted one above when the one below is too old', async () => {
    let now = clockAt(1n)
    const { client, primary } = setUp(STEADY, { now: () => now, trustingPeriodMs: 280_000, maxClockDriftMs: 0 })
    now = clockAt(50n)
    await client.headerAt(50n)
    now = clockAt(60n)
    expect((await client.headerAt(49n)).hash).toEqual(STEADY.hash(49n))
    expect(primary.headers).toEqual([1n, 50n, 49n])
  })

  test('(69) a broken link is refused', async () => {
    const fork = createChain({ length: 60, members: () => FOUR, salt: 'fork', forkHeight: 27n })
    const lie: Partial<BlockSource> = {
      signedHeader: async (height) => (height === 30n ? STEADY : fork).block(height as bigint),
    }
    const { client } = setUp(STEADY, { trustHeight: 30n, lie })
    expect(await codeOf(client.headerAt(20n))).toBe('backwards-link-broken')
  })

  test('(69) a header that is not earlier than the one that names it is refused', async () => {
    const late = { ...STEADY.header(29n), timeNs: STEADY.header(30n).timeNs }
    const lateBlock = signBlock(late, FOUR)
    const top = signBlock({ ...STEADY.header(30n), lastBlockId: lateBlock.commit.blockId }, FOUR)
    const lie: Partial<BlockSource> = { signedHeader: async (height) => (height === 30n ? top : lateBlock) }
    const trust = { height: 30n, hash: top.commit.blockId.hash }
    expect(await codeOf(setUp(STEADY, { lie, trust }).client.headerAt(29n))).toBe('backwards-link-broken')
  })

  test('a header that names one of another chain, or without an application hash, leads nowhere', async () => {
    const codes = []
    for (const fields of [{ chainId: 'gonka-test-2' }, { appHash: new Uint8Array(8) }]) {
      const earlier = signBlock({ ...STEADY.header(29n), ...fields }, FOUR)
      const top = signBlock({ ...STEADY.header(30n), lastBlockId: earlier.commit.blockId }, FOUR)
      const lie: Partial<BlockSource> = { signedHeader: async (height) => (height === 30n ? top : earlier) }
      const trust = { height: 30n, hash: top.commit.blockId.hash }
      codes.push(await codeOf(setUp(STEADY, { lie, trust }).client.headerAt(29n)))
    }
    expect(codes).toEqual(['chain-id-mismatch', 'header-invalid'])
  })

  test('no further than allowed', async () => {
    const { client, primary } = setUp(STEADY, { trustHeight: 30n, maxBackwardSteps: 5 })
    expect(await codeOf(client.headerAt(24n))).toBe('backwards-too-far')
    expect(primary.headers).toEqual([30n])
    expect((await client.headerAt(25n)).hash).toEqual(STEADY.hash(25n))
  })
})

describe('time', () => {
  test('(57) nothing is reached from a header whose trusting period is over', async () => {
    const { client, primary } = setUp(STEADY, { trustingPeriodMs: 60_000 })
    expect(await codeOf(client.headerAt(50n))).toBe('trust-expired')
    expect(primary.headers).toEqual([1n])
    expect((await client.headerAt(1n)).hash).toEqual(STEADY.hash(1n))
  })

  test('(58) a header ahead of the clock is refused', async () => {
    const { client } = setUp(STEADY, { now: () => clockAt(40n) })
    expect(await codeOf(client.headerAt(50n))).toBe('header-from-future')
    expect((await client.headerAt(40n)).hash).toEqual(STEADY.hash(40n))
  })

  test('(71) a clock that is moved back behind what was seen stops everything', async () => {
    let now = clockAt(60n)
    const { client } = setUp(STEADY, { now: () => now })
    await client.headerAt(50n)
    now = clockAt(40n)
    expect(await codeOf(client.headerAt(50n))).toBe('clock-moved-back')
    expect(await codeOf(client.headerAt(2n))).toBe('clock-moved-back')
    expect(await codeOf(client.headerAt('latest'))).toBe('clock-moved-back')
    now = clockAt(60n)
    expect((await client.headerAt(51n)).hash).toEqual(STEADY.hash(51n))
  })
})

describe('the caller', () => {
  test('may abort before and during a call', async () => {
    const reason = new Error('enough')
    const { client, primary } = setUp(STEADY)
    expect(await rejectionOf(client.headerAt(50n, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(primary.headers).toEqual([])
    const controller = new AbortController()
    const lie: Partial<BlockSource> = {
      signedHeader: (_height, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          controller.abort(reason)
        }),
    }
    expect(await rejectionOf(setUp(STEADY, { lie }).client.headerAt(50n, { signal: controller.signal }))).toBe(reason)
    const later = new AbortController()
    const witness = createSource(STEADY, {
      signedHeader: async () => {
        later.abort(reason)
        throw new Error('down')
      },
    })
    const call = setUp(STEADY, { witnesses: [witness] }).client.headerAt(50n, { signal: later.signal })
    expect(await rejectionOf(call)).toBe(reason)
  })

  test.each([0, -1, 1.5, 0n, -1n, Number.NaN, 2 ** 53])('is told that %s is no height', async (height) => {
    const error = await rejectionOf(setUp(STEADY).client.headerAt(height))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toContain('height must be an integer from 1 up')
  })

  test.each<[string, object]>([
    ['chainId', { chainId: '' }],
    ['trust.hash', { trust: { height: 1, hash: 'ab' } }],
    ['trust.hash', { trust: { height: 1, hash: new Uint8Array(31) } }],
    ['trust.hash', { trust: { height: 1, hash: undefined } }],
    ['trust.height', { trust: { height: 0, hash: STEADY.hash(1n) } }],
    ['trustingPeriodMs', { trustingPeriodMs: undefined }],
    ['trustingPeriodMs', { trustingPeriodMs: -1 }],
    ['minWitnesses', { minWitnesses: 0.5 }],
    ['maxBisections', { maxBisections: -1 }],
    ['maxBackwardSteps', { maxBackwardSteps: Number.NaN }],
    ['maxClockDriftMs', { maxClockDriftMs: Number.POSITIVE_INFINITY }],
    ['trustLevel', { trustLevel: { numerator: 1n, denominator: 4n } }],
  ])('is told what is wrong with %s', (field, options) => {
    expect(() => setUp(STEADY, options)).toThrow(field)
  })
})
