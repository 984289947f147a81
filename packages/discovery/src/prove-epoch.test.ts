import { describe, expect, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { changed, EPOCH_7, HASH_101, TIME_101_MS, tell } from './fixtures/epoch-7.ts'
import { ANCHOR, absent, discover, HOUR_MS, proving, startWitness } from './fixtures/proving.ts'
import { startServer } from './fixtures/server.ts'
import type { Trust } from './types.ts'

describe('a proven list', () => {
  const kinds: [string, () => Promise<Trust>][] = [
    ['anchored', async () => ANCHOR],
    ['agreed', async () => ({ witnesses: [await startWitness(), await startWitness()], quorum: 2 })],
    ['first-use', async () => 'first-use'],
  ]

  test.each(kinds)('is accepted on the trust %s, and says so', async (trust, create) => {
    const result = await discover({}, { trust: await create() })
    expect(result).toMatchObject({
      epochId: 7,
      trust,
      provenBy: { height: 101, hash: HASH_101, timeMs: TIME_101_MS },
      rejected: [],
    })
    expect(result.participants.map(({ inferenceUrl, weight }) => [inferenceUrl, weight])).toEqual([
      ['http://127.0.0.1:18081', 60],
      ['http://127.0.0.1:18082', 30],
    ])
  })

  test('comes from the proven bytes, whatever the JSON beside them says', async () => {
    const { participants } = await discover()
    const bundle = changed(EPOCH_7.bundle, (copy) => {
      for (const each of copy.active_participants.participants) Object.assign(each, { weight: 999, models: ['thief'] })
    })
    expect((await discover({ bundle })).participants).toEqual(participants)
    for (const told of [undefined, null, 'none', {}, { participants: 7 }]) {
      const answer = { ...EPOCH_7.bundle, active_participants: told }
      expect((await discover({ bundle: answer })).participants).toEqual(participants)
    }
    const moved = changed(EPOCH_7.bundle, (copy) => {
      for (const each of copy.active_participants.participants) each.inference_url = 'http://thief.example'
    })
    expect((await discover({ bundle: moved }, {}, 7)).participants).toEqual(participants)
  })

  test('loses whom the node calls excluded, and gains nobody by it', async () => {
    const [, second] = (await discover()).participants
    const excluded = [{ address: second!.address, reason: 'cPoC' }, { address: 'gonka1stranger' }]
    const result = await discover({ bundle: { ...EPOCH_7.bundle, excluded_participants: excluded } })
    expect(result.participants).toHaveLength(1)
    expect(result.rejected).toEqual([{ address: second!.address, reason: 'excluded' }])
  })

  test('is what getCurrentEpoch goes by', async () => {
    const { url } = await startServer(tell())
    expect(await createDiscovery(proving({ sourceUrl: url })).discovery.getCurrentEpoch()).toBe(7)
    const { url: liar } = await startServer(tell({ bundle: { ...EPOCH_7.bundle, proof_ops: null } }))
    const error = await rejectionOf(createDiscovery(proving({ sourceUrl: liar })).discovery.getCurrentEpoch())
    expect(error).toMatchObject({ code: 'proof-malformed' })
  })

  test('is proven again for every one of many calls at once, with one pin for all', async () => {
    const { url } = await startServer(tell())
    const { discovery } = createDiscovery(proving({ sourceUrl: url, trust: 'first-use' }))
    const results = await Promise.all(Array.from({ length: 20 }, () => discovery.discover()))
    expect(new Set(results.map(({ provenBy }) => provenBy?.hash))).toEqual(new Set([HASH_101]))
  })
})

describe('votes', () => {
  test.each([
    [0, false],
    [1, true],
    [2, true],
  ])('without validator %i: %s', async (index, isEnough) => {
    const signedHeader = changed(EPOCH_7.signed_header, ({ commit }) => absent(commit.signatures, index))
    const discovering = discover({ signedHeader }, { trust: 'first-use' })
    if (isEnough) expect((await discovering).epochId).toBe(7)
    else
      expect(await rejectionOf(discovering)).toMatchObject({
        name: 'GonkaProofVerificationError',
        code: 'not-enough-power',
      })
  })
})

describe('age', () => {
  test.each([
    [25 * HOUR_MS, undefined, undefined],
    [25 * HOUR_MS + 1, undefined, 'epoch-stale'],
    [1_000, 1_000, undefined],
    [1_001, 1_000, 'epoch-stale'],
    [-9_999, undefined, undefined],
    [-10_000, undefined, 'header-from-future'],
  ])('of %i ms, at most %s: %s', async (ageMs, maxAgeMs, code) => {
    const discovering = discover({}, { now: () => TIME_101_MS + ageMs, maxAgeMs, trust: 'first-use' })
    if (code === undefined) expect((await discovering).epochId).toBe(7)
    else expect(await rejectionOf(discovering)).toMatchObject({ code })
  })

  test('ahead of the clock is refused although witnesses agree on it', async () => {
    const trust = { witnesses: [await startWitness()], quorum: 1 }
    const error = await rejectionOf(discover({}, { trust, now: () => TIME_101_MS - 10_000 }))
    expect(error).toMatchObject({ code: 'header-from-future' })
  })

  test('does not matter for an epoch that is asked for by number', async () => {
    const now = (): number => TIME_101_MS + 30 * HOUR_MS
    expect((await discover({}, { now }, 7)).epochId).toBe(7)
    expect(await rejectionOf(discover({}, { now }))).toMatchObject({ code: 'epoch-stale' })
  })
})
