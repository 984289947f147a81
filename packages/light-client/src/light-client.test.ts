import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from './bytes.ts'
import { createMemoryTrustStore } from './create-memory-trust-store.ts'
import { clockAt, createChain, signBlock, type TestChain } from './fixtures/chain.ts'
import { createMembers, type Member, validatorsOf } from './fixtures/members.ts'
import { rejectionOf } from './fixtures/refusals.ts'
import { type CountingSource, createSource } from './fixtures/sources.ts'
import { LightClient } from './light-client.ts'
import type { LightClientOptions } from './resolve-options.ts'
import type { BlockSource, TrustedState, TrustStore } from './types.ts'

const FOUR = createMembers({ a: 10n, b: 10n, c: 10n, d: 10n })
/** Epochs of 20 heights, each with a set of its own that shares nobody with the one before. */
const EPOCHS = [0, 1, 2, 3, 4, 5].map((epoch) => createMembers({ [`e${epoch}a`]: 10n, [`e${epoch}b`]: 10n }))
const epochOf = (height: bigint): readonly Member[] => EPOCHS[Number((height - 1n) / 20n)] ?? FOUR
const STEADY = createChain({ length: 60, members: () => FOUR })
const TURNING = createChain({ length: 100, members: epochOf })

interface Setup extends Partial<Omit<LightClientOptions, 'primary' | 'witnesses'>> {
  readonly lie?: Partial<BlockSource>
  readonly witnesses?: readonly BlockSource[]
  readonly trustHeight?: bigint
}

function setUp(chain: TestChain, setup: Setup = {}): { client: LightClient; primary: CountingSource } {
  const { lie, witnesses = [createSource(chain)], trustHeight = 1n, ...rest } = setup
  const primary = createSource(chain, lie)
  const client = new LightClient({
    chainId: 'gonka-test-1',
    trust: { height: trustHeight, hash: toHex(chain.hash(trustHeight)) },
    trustingPeriodMs: 86_400_000,
    primary,
    witnesses,
    now: () => clockAt(BigInt(chain.length)),
    ...rest,
  })
  return { client, primary }
}

const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> => {
  const error = await rejectionOf(promise)
  expect(error.name).toBe('GonkaProofVerificationError')
  return error.code
}

/** A store whose saves can be read. */
function createSpyStore(state?: TrustedState): TrustStore & { readonly saved: TrustedState[] } {
  const store = createMemoryTrustStore(state)
  const saved: TrustedState[] = []
  return {
    saved,
    load: store.load,
    save: (next) => {
      saved.push(next)
      return store.save(next)
    },
  }
}

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

  test('what was verified is not asked for again', async () => {
    const { client, primary } = setUp(STEADY)
    const first = await client.headerAt(50n)
    const { length } = primary.headers
    expect(await client.headerAt(50n)).toBe(first)
    expect(await client.headerAt(1n)).toMatchObject({ hash: STEADY.hash(1n) })
    expect(primary.headers).toHaveLength(length)
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

  test('no further than allowed', async () => {
    const { client, primary } = setUp(STEADY, { trustHeight: 30n, maxBackwardSteps: 5 })
    expect(await codeOf(client.headerAt(24n))).toBe('backwards-too-far')
    expect(primary.headers).toEqual([30n])
    expect((await client.headerAt(25n)).hash).toEqual(STEADY.hash(25n))
  })
})

describe('a source that lies', () => {
  const fork = createChain({ length: 60, members: () => createMembers({ x: 10n, y: 10n }), salt: 'fork' })

  test('another header at the trusted height is refused', async () => {
    const { client } = setUp(STEADY, { lie: { signedHeader: async () => fork.block(1n) } })
    const error = await rejectionOf(client.headerAt(9n))
    expect(error).toMatchObject({
      code: 'header-hash-mismatch',
      expectedHash: STEADY.hash(1n),
      computedHash: fork.hash(1n),
    })
  })

  test('an invented set is not trusted, and asking for it ends', async () => {
    const lie: Partial<BlockSource> = {
      signedHeader: async (height) => (height === 1n ? STEADY : fork).block(height as bigint),
      validators: async (height) => validatorsOf(fork.members(height)),
    }
    expect(await codeOf(setUp(STEADY, { lie }).client.headerAt(2n))).toBe('validators-hash-mismatch')
    expect(await codeOf(setUp(STEADY, { lie }).client.headerAt(50n))).toBe('validators-hash-mismatch')
  })

  test('an invented set is not trusted even where the trusted one is told truly', async () => {
    const lie: Partial<BlockSource> = {
      signedHeader: async (height) => (height === 1n ? STEADY : fork).block(height as bigint),
      validators: async (height) => validatorsOf((height === 2n ? STEADY : fork).members(height)),
    }
    const { client, primary } = setUp(STEADY, { lie })
    expect(await codeOf(client.headerAt(50n))).toMatch(/validators-hash-mismatch/)
    expect(primary.headers.length).toBeLessThan(20)
  })

  test.each([49n, 51n])('(65) the header of height %i instead of 50', async (other) => {
    const lie: Partial<BlockSource> = {
      signedHeader: async (height) => STEADY.block(height === 50n ? other : (height as bigint)),
    }
    expect(await codeOf(setUp(STEADY, { lie }).client.headerAt(50n))).toBe('rpc-answer-invalid')
  })

  test('(66) the far block again for each block in between', async () => {
    const lie: Partial<BlockSource> = { signedHeader: async (height) => TURNING.block(height === 1n ? 1n : 100n) }
    const { client, primary } = setUp(TURNING, { lie })
    expect(await codeOf(client.headerAt(100n))).toBe('rpc-answer-invalid')
    expect(primary.headers).toHaveLength(3)
  })

  test('(66) a chain whose every set is new takes no more blocks than allowed', async () => {
    const chain = createChain({ length: 60, members: (height) => createMembers({ [`n${height}`]: 1n }) })
    const { client, primary } = setUp(chain, { maxBisections: 10 })
    const error = await rejectionOf(client.headerAt(60n))
    expect(error).toMatchObject({ code: 'bisection-failed' })
    expect(error.message).toContain('10 blocks')
    expect(primary.headers).toHaveLength(2 + 10)
    expect((await setUp(chain).client.headerAt(60n)).hash).toEqual(chain.hash(60n))
  })

  test('a header without an application hash of 32 bytes is refused', async () => {
    const bare = signBlock({ ...STEADY.header(50n), appHash: new Uint8Array(8) }, FOUR)
    const lie: Partial<BlockSource> = {
      signedHeader: async (height) => (height === 50n ? bare : STEADY.block(height as bigint)),
    }
    expect(await codeOf(setUp(STEADY, { lie }).client.headerAt(50n))).toBe('header-invalid')
  })

  test('a header of another chain is refused, also when its hash was pinned', async () => {
    expect(await codeOf(setUp(STEADY, { chainId: 'gonka-mainnet' }).client.headerAt(1n))).toBe('chain-id-mismatch')
  })

  test('nothing is kept of a height that failed', async () => {
    const store = createSpyStore()
    const { client } = setUp(STEADY, { store, witnesses: [createSource(fork)] })
    expect(await codeOf(client.headerAt(50n))).toBe('witness-conflict')
    expect(await codeOf(client.headerAt(50n))).toBe('witness-conflict')
    expect(store.saved).toEqual([])
  })
})

describe('witnesses', () => {
  const other = createChain({ length: 60, members: () => FOUR, salt: 'other', forkHeight: 40n })

  test('(67) one that has another valid header stops everything', async () => {
    const { client } = setUp(STEADY, { witnesses: [createSource(STEADY), createSource(other)] })
    const error = await rejectionOf(client.headerAt(50n))
    expect(error).toMatchObject({
      code: 'witness-conflict',
      expectedHash: STEADY.hash(50n),
      computedHash: other.hash(50n),
    })
    expect((await client.headerAt(39n)).hash).toEqual(STEADY.hash(39n))
  })

  test('(67) also when enough others agree, and when some fail', async () => {
    const broken = createSource(STEADY, { signedHeader: () => Promise.reject(new Error('down')) })
    const witnesses = [broken, createSource(STEADY), createSource(STEADY), createSource(other)]
    expect(await codeOf(setUp(STEADY, { witnesses }).client.headerAt(50n))).toBe('witness-conflict')
  })

  test('(68) none where one is required', () => {
    expect(() => setUp(STEADY, { witnesses: [] })).toThrow(expect.objectContaining({ code: 'witness-missing' }))
    expect(() => setUp(STEADY, { minWitnesses: 2 })).toThrow(expect.objectContaining({ code: 'witness-missing' }))
  })

  test('(68) the primary is no witness of its own, and one is not two', () => {
    const source = createSource(STEADY)
    const options: LightClientOptions = {
      chainId: 'gonka-test-1',
      trust: { height: 1, hash: STEADY.hash(1n) },
      trustingPeriodMs: 1,
      primary: source,
      witnesses: [source],
    }
    const url = 'http://node1.example:8000'
    const missing = expect.objectContaining({ code: 'witness-missing' })
    expect(() => new LightClient(options)).toThrow(missing)
    expect(() => new LightClient({ ...options, primary: url, witnesses: [`${url}/`] })).toThrow(missing)
    const twice = { ...options, witnesses: [url, `${url}/`], minWitnesses: 2 }
    expect(() => new LightClient(twice)).toThrow(missing)
    expect(() => new LightClient({ ...twice, minWitnesses: 1 })).not.toThrow()
  })

  test.each<[string, Partial<BlockSource>]>([
    ['fails', { signedHeader: () => Promise.reject(new Error('down')) }],
    [
      'throws at once',
      {
        signedHeader: () => {
          throw new Error('down')
        },
      },
    ],
    ['gives another height', { signedHeader: async () => STEADY.block(7n) }],
  ])('(68) one that %s confirms nothing', async (_name, lie) => {
    const { client } = setUp(STEADY, { witnesses: [createSource(STEADY, lie)] })
    const error = await rejectionOf(client.headerAt(50n))
    expect(error).toMatchObject({ code: 'witness-missing', cause: expect.any(Error) })
    expect(error.message).toContain('0 of 1')
  })

  test('as many as are required must agree', async () => {
    const broken = createSource(STEADY, { signedHeader: () => Promise.reject(new Error('down')) })
    const witnesses = [createSource(STEADY), broken]
    expect((await setUp(STEADY, { witnesses }).client.headerAt(50n)).hash).toEqual(STEADY.hash(50n))
    expect(await codeOf(setUp(STEADY, { witnesses, minWitnesses: 2 }).client.headerAt(50n))).toBe('witness-missing')
    expect((await setUp(STEADY, { witnesses: [], minWitnesses: 0 }).client.headerAt(50n)).hash).toEqual(
      STEADY.hash(50n),
    )
  })

  test('are asked only about the height that was wanted', async () => {
    const witness = createSource(TURNING)
    await setUp(TURNING, { witnesses: [witness] }).client.headerAt(100n)
    expect([witness.headers, witness.sets]).toEqual([[100n], []])
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

describe('the store', () => {
  test('the newest trusted state is saved, and a new client goes on from it', async () => {
    const store = createSpyStore()
    await setUp(TURNING, { store }).client.headerAt(90n)
    const { client, primary } = setUp(TURNING, { store })
    expect((await client.headerAt(91n)).hash).toEqual(TURNING.hash(91n))
    expect(primary.headers).toEqual([91n])
    expect(store.saved.map(({ header }) => header.height)).toEqual([90n, 91n])
    expect(store.saved.at(-1)?.anchorHash).toEqual(TURNING.hash(1n))
  })

  test('an older height does not replace a newer one', async () => {
    const store = createSpyStore()
    const { client } = setUp(STEADY, { store })
    await client.headerAt(50n)
    await client.headerAt(30n)
    await client.headerAt(49n)
    expect((await store.load())?.header.height).toBe(50n)
  })

  test('a height before the stored one is reached from the header that trust began with', async () => {
    const store = createSpyStore()
    await setUp(STEADY, { store }).client.headerAt(50n)
    const { client, primary } = setUp(STEADY, { store })
    expect((await client.headerAt(30n)).hash).toEqual(STEADY.hash(30n))
    expect(primary.headers).toEqual([1n, 30n])
  })

  test('a state that stems from another header is not used', async () => {
    const store = createSpyStore()
    await setUp(STEADY, { store }).client.headerAt(50n)
    const { client, primary } = setUp(STEADY, { store, trustHeight: 2n })
    await client.headerAt(51n)
    expect(primary.headers).toEqual([2n, 51n])
  })

  test('a state that is itself the trusted header is', async () => {
    const store = createSpyStore(STEADY.trusted(50n))
    const { client, primary } = setUp(STEADY, { store, trustHeight: 50n })
    await client.headerAt(51n)
    expect(primary.headers).toEqual([51n])
  })

  test('a state that does not agree with itself is refused', async () => {
    const state = STEADY.trusted(50n)
    const forged = { ...state, header: { ...state.header, appHash: STEADY.header(3n).appHash } }
    expect(await codeOf(setUp(STEADY, { store: createSpyStore(forged) }).client.headerAt(51n))).toBe(
      'trust-state-invalid',
    )
    const other = { ...state, nextValidators: validatorsOf(createMembers({ x: 1n })) }
    expect(await codeOf(setUp(STEADY, { store: createSpyStore(other) }).client.headerAt(51n))).toBe(
      'validators-hash-mismatch',
    )
  })

  test('what it throws reaches the caller', async () => {
    const load = (): Promise<never> => Promise.reject(new Error('disk'))
    const broken = { ...createSpyStore(), load }
    expect((await rejectionOf(setUp(STEADY, { store: broken }).client.headerAt(2n))).message).toBe('disk')
    let isFull = true
    const save = async (): Promise<void> => {
      if (isFull) throw new Error('full')
    }
    const { client } = setUp(STEADY, { store: { ...createSpyStore(), save } })
    expect((await rejectionOf(client.headerAt(2n))).message).toBe('full')
    isFull = false
    expect((await client.headerAt(3n)).hash).toEqual(STEADY.hash(3n))
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
    const witnesses = [createSource(STEADY, lie)]
    const { signal } = controller
    expect(await rejectionOf(setUp(STEADY, { witnesses }).client.headerAt(50n, { signal }))).toBe(reason)
  })

  test.each([0, -1, 1.5, 0n, Number.NaN, 2 ** 53])('is told that %s is no height', async (height) => {
    expect(await rejectionOf(setUp(STEADY).client.headerAt(height))).toBeInstanceOf(RangeError)
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
