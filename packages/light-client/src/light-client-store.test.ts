import { describe, expect, test } from 'vitest'
import { codeOf, createSpyStore, STEADY, setUp, TURNING } from './fixtures/clients.ts'
import { createMembers, validatorsOf } from './fixtures/members.ts'
import { rejectionOf } from './fixtures/refusals.ts'

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

  test('a state that is itself the trusted header is, whatever it stems from', async () => {
    const store = createSpyStore({ ...STEADY.trusted(50n), anchorHash: STEADY.hash(1n) })
    const { client, primary } = setUp(STEADY, { store, trustHeight: 50n })
    expect(await client.headerAt(50n)).toMatchObject({ hash: STEADY.hash(50n), anchorHash: STEADY.hash(50n) })
    expect(primary.headers).toEqual([])
  })

  test('the stored height itself is not asked for, nor the header that trust began with', async () => {
    const store = createSpyStore()
    await setUp(STEADY, { store }).client.headerAt(50n)
    const { client, primary } = setUp(STEADY, { store })
    expect((await client.headerAt(50n)).hash).toEqual(STEADY.hash(50n))
    expect(primary.headers).toEqual([])
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

  test('a state of another chain is refused', async () => {
    const store = createSpyStore(STEADY.trusted(50n))
    const { client, primary } = setUp(STEADY, { store, trustHeight: 50n, chainId: 'gonka-mainnet' })
    expect(await codeOf(client.headerAt(50n))).toBe('chain-id-mismatch')
    expect(primary.headers).toEqual([])
  })

  test('may be slow: an abort in the meantime ends the call', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const load = async (): Promise<undefined> => controller.abort(reason) as undefined
    const { client, primary } = setUp(STEADY, { store: { ...createSpyStore(), load } })
    expect(await rejectionOf(client.headerAt(2n, { signal: controller.signal }))).toBe(reason)
    expect(primary.headers).toEqual([])
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
