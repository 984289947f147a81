import { describe, expect, test } from 'vitest'
import { digest, signBlock } from './fixtures/chain.ts'
import { codeOf, createSpyStore, STEADY, setUp, TURNING } from './fixtures/clients.ts'
import { rejectionOf } from './fixtures/refusals.ts'
import { createSource } from './fixtures/sources.ts'
import { LightClient } from './light-client.ts'
import type { LightClientOptions } from './resolve-options.ts'
import type { BlockSource, TrustStore } from './types.ts'

const GARBAGE: readonly unknown[] = [undefined, null, 7, 'x', [], {}, { header: null }, { header: {} }]
const NEVER = new Promise<never>(() => undefined)

test('a forged header on the way to an honest one is not given out: no witness was asked about it', async () => {
  // More than two thirds of the first set lie, in one header that lets the honest one through.
  const forged = signBlock({ ...TURNING.header(20n), appHash: digest('forged') }, TURNING.members(20n))
  const lie: Partial<BlockSource> = {
    signedHeader: async (height) => (height === 20n ? forged : TURNING.block(height as bigint)),
  }
  const { client, primary } = setUp(TURNING, { lie })
  expect((await client.headerAt(100n)).hash).toEqual(TURNING.hash(100n))
  expect(primary.headers).toContain(20n)
  expect(await codeOf(client.headerAt(20n))).toBe('witness-conflict')
  expect((await client.headerAt(99n)).hash).toEqual(TURNING.hash(99n))
})

describe('a source that gives anything', () => {
  test.each(GARBAGE)('%j for a header', async (answer) => {
    const lie = { signedHeader: async (height: unknown) => (height === 1n ? STEADY.block(1n) : answer) }
    const setup = { lie: lie as Partial<BlockSource> }
    for (const height of [50n, 'latest'] as const) {
      expect(await codeOf(setUp(STEADY, setup).client.headerAt(height))).toMatch(/^(rpc-answer|header)-invalid$/)
    }
  })

  test.each(GARBAGE)('%j for the trusted header, and for an earlier one', async (answer) => {
    const lie = { signedHeader: async (height: unknown) => (height === 30n ? STEADY.block(30n) : answer) }
    const setup = { lie: lie as Partial<BlockSource> }
    expect(await codeOf(setUp(STEADY, setup).client.headerAt(50n))).toMatch(/^(rpc-answer|header)-invalid$/)
    const later = setUp(STEADY, { ...setup, trustHeight: 30n }).client
    expect(await codeOf(later.headerAt(29n))).toMatch(/^(rpc-answer|header)-invalid$/)
  })

  test.each([undefined, null, 7, 'x', {}, [], [null], [{}], [{ ...STEADY.block(1n).validators[0], votingPower: 10 }]])(
    '%# for a set',
    async (answer) => {
      const lie = { validators: async () => answer } as unknown as Partial<BlockSource>
      expect(await codeOf(setUp(STEADY, { lie }).client.headerAt(2n))).toBe('validators-invalid')
      expect(await codeOf(setUp(STEADY, { lie }).client.headerAt(50n))).toBe('validators-invalid')
    },
  )

  test.each([undefined, null, 7, {}, { ...STEADY.block(50n).commit, signatures: [null] }])(
    '%# for a commit',
    async (commit) => {
      const { header } = STEADY.block(50n)
      const lie = { signedHeader: async (height: unknown) => (height === 1n ? STEADY.block(1n) : { header, commit }) }
      const setup = { lie: lie as Partial<BlockSource> }
      expect(await codeOf(setUp(STEADY, setup).client.headerAt(50n))).toBe('commit-invalid')
    },
  )

  test('as a witness it confirms nothing', async () => {
    for (const answer of GARBAGE) {
      const witness = createSource(STEADY, { signedHeader: async () => answer as never })
      expect(await codeOf(setUp(STEADY, { witnesses: [witness] }).client.headerAt(50n))).toBe('witness-missing')
    }
  })

  test('as a witness that only calls its failure a conflict it stops nothing', async () => {
    const failing = createSource(STEADY, {
      signedHeader: () => Promise.reject(Object.assign(new Error('down'), { code: 'witness-conflict' })),
    })
    const { client } = setUp(STEADY, { witnesses: [failing, createSource(STEADY)] })
    expect((await client.headerAt(50n)).hash).toEqual(STEADY.hash(50n))
  })
})

describe('an abort ends a call at once, though nobody else knows of the signal:', () => {
  const hanging: Partial<BlockSource> = { signedHeader: (height) => (height === 1n ? honest(height) : NEVER) }
  const honest = async (height: bigint): ReturnType<BlockSource['signedHeader']> => STEADY.block(height)
  const storeWith = (method: Partial<TrustStore>): TrustStore => ({ ...createSpyStore(), ...method })

  test.each<[string, Parameters<typeof setUp>[1]]>([
    ['the primary has no header', { lie: hanging }],
    ['the primary has no set', { lie: { validators: () => NEVER } }],
    ['a witness has no answer', { witnesses: [createSource(STEADY), createSource(STEADY, hanging)] }],
    ['the store loads for ever', { store: storeWith({ load: () => NEVER }) }],
    ['the store saves for ever', { store: storeWith({ save: () => NEVER }) }],
  ])('%s', async (_name, setup) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const call = setUp(STEADY, setup).client.headerAt(50n, { signal: controller.signal })
    setImmediate(() => controller.abort(reason))
    expect(await rejectionOf(call)).toBe(reason)
  })

  test('what is known already is not given out after an abort either', async () => {
    const { client } = setUp(STEADY)
    await client.headerAt(50n)
    const reason = new Error('enough')
    expect(await rejectionOf(client.headerAt(50n, { signal: AbortSignal.abort(reason) }))).toBe(reason)
  })
})

describe('a store that gives anything', () => {
  const state = STEADY.trusted(1n)
  test.each([
    ...[7, 'x', [], {}, { header: {} }],
    ...[
      { ...state, header: {} },
      { ...state, hash: undefined },
      { ...state, anchorHash: undefined },
    ],
  ])('%# for a state is refused', async (state) => {
    const store = { ...createSpyStore(), load: async () => state as never }
    expect(await codeOf(setUp(STEADY, { store }).client.headerAt(50n))).toMatch(/^(trust-state|header)-invalid$/)
  })

  test('null is none', async () => {
    const store = { ...createSpyStore(), load: async () => null as never }
    expect((await setUp(STEADY, { store }).client.headerAt(50n)).hash).toEqual(STEADY.hash(50n))
  })

  test('is asked once', async () => {
    let loads = 0
    const load = async (): Promise<undefined> => void loads++
    const { client } = setUp(STEADY, { store: { ...createSpyStore(), load } })
    await client.headerAt(50n)
    await client.headerAt(51n)
    expect(loads).toBe(1)
  })
})

describe('code without types', () => {
  test.each<[string, object]>([
    ['chainId', { chainId: 7 }],
    ['trust', { trust: undefined }],
    ['trust', { trust: null }],
    ['trust.height', { trust: { height: '1', hash: STEADY.hash(1n) } }],
    ['trust.hash', { trust: { height: 1, hash: 7 } }],
    ['store', { store: null }],
    ['store', { store: { load: () => undefined } }],
    ['trustLevel', { trustLevel: { numerator: 1, denominator: 3n } }],
    ['trustLevel', { trustLevel: { numerator: 1n, denominator: 3 } }],
    ['trustingPeriodMs', { trustingPeriodMs: 86_400_000n }],
    ['trustingPeriodMs', { trustingPeriodMs: Number.NaN }],
    ['trustingPeriodMs', { trustingPeriodMs: Number.POSITIVE_INFINITY }],
  ])('is told what is wrong with %s', (field, options) => {
    expect(() => setUp(STEADY, options)).toThrow(field)
  })

  test.each<[string, object]>([
    ['primary', { primary: undefined }],
    ['primary', { primary: { signedHeader: () => undefined } }],
    ['witnesses', { witnesses: undefined }],
    ['witnesses', { witnesses: 'http://node1.example' }],
    ['witnesses[1]', { witnesses: ['http://node1.example', null] }],
  ])('is told what is wrong with %s, as a TypeError', (field, options) => {
    const honest: LightClientOptions = {
      chainId: 'gonka-test-1',
      trust: { height: 1, hash: STEADY.hash(1n) },
      trustingPeriodMs: 1,
      primary: 'http://node0.example',
      witnesses: [createSource(STEADY)],
    }
    expect(() => new LightClient({ ...honest, ...options })).toThrow(TypeError)
    expect(() => new LightClient({ ...honest, ...options })).toThrow(field)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 7n, '7', undefined])('is told that %s is no time', async (now) => {
    const { client } = setUp(STEADY, { now: () => now as number })
    const error = await rejectionOf(client.headerAt(50n))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toContain('now')
  })

  test('a trusting period of 0 trusts nothing but the header itself', async () => {
    const { client } = setUp(STEADY, { trustingPeriodMs: 0 })
    expect(await codeOf(client.headerAt(2n))).toBe('trust-expired')
    expect((await client.headerAt(1n)).hash).toEqual(STEADY.hash(1n))
  })
})
