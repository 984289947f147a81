import { describe, expect, test } from 'vitest'
import { createChain, signBlock } from './fixtures/chain.ts'
import { codeOf, createSpyStore, FOUR, STEADY, setUp, TURNING } from './fixtures/clients.ts'
import { createMembers, validatorsOf } from './fixtures/members.ts'
import { rejectionOf } from './fixtures/refusals.ts'
import { createSource } from './fixtures/sources.ts'
import { LightClient } from './light-client.ts'
import type { LightClientOptions } from './resolve-options.ts'
import type { BlockSource } from './types.ts'

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
