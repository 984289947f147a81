import { describe, expect, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { changed, EPOCH_7, HASH_101, type Telling, tell } from './fixtures/epoch-7.ts'
import { discover, proving, startWitness } from './fixtures/proving.ts'
import { startServer } from './fixtures/server.ts'

describe('witnesses', () => {
  const other = (): Telling => ({
    signedHeader: changed(EPOCH_7.signed_header, ({ header }) => {
      header.app_hash = HASH_101
    }),
  })

  test('that contradict each other end the search, whatever other sources say', async () => {
    const witnesses = [await startWitness(), await startWitness(other()), await startWitness()]
    const { url } = await startServer(tell())
    const { url: next, paths } = await startServer(tell())
    const options = proving({ sourceUrls: [url, next], trust: { witnesses, quorum: 1 }, retryCount: 3 })
    const error = await rejectionOf(createDiscovery(options).discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'witness-conflict' })
    for (const witness of witnesses) expect(error.message).toContain(witness)
    expect(paths).toEqual([])
  })

  test('that all contradict the source are believed to be right, and the next source is asked', async () => {
    const witnesses = [await startWitness(other()), await startWitness(other())]
    const error = await rejectionOf(discover({}, { trust: { witnesses, quorum: 2 } }))
    expect(error).toMatchObject({ code: 'witness-conflict' })
    expect(error.message).toContain(HASH_101)
  })

  test('come before signatures, of which a liar can make up more than can be checked in a reasonable time', async () => {
    const signedHeader = changed(EPOCH_7.signed_header, ({ commit }) => {
      for (const entry of commit.signatures) Object.assign(entry as object, { signature: `${'A'.repeat(86)}==` })
    })
    const trust = { witnesses: [await startWitness(other())], quorum: 1 }
    expect(await rejectionOf(discover({ signedHeader }, { trust }))).toMatchObject({ code: 'witness-conflict' })
    const agreeing = { witnesses: [await startWitness()], quorum: 1 }
    const error = await rejectionOf(discover({ signedHeader }, { trust: agreeing }))
    expect(error).toMatchObject({ code: 'signature-invalid' })
  })

  test('that do not answer leave too few', async () => {
    const { url: down } = await startServer((_request, response) => void response.destroy())
    const witnesses = [down, await startWitness()]
    expect((await discover({}, { trust: { witnesses, quorum: 1 } })).trust).toBe('agreed')
    const error = await rejectionOf(discover({}, { trust: { witnesses, quorum: 2 } }))
    expect(error).toMatchObject({ code: 'witness-missing' })
    expect(error.message).toContain(`1 of the 2 witnesses that are needed`)
    expect(error.message).toContain(down)
  })

  test('are others than the source, which cannot vouch for itself', async () => {
    const { url } = await startServer(tell())
    const trust = { witnesses: [url, await startWitness()], quorum: 2 }
    expect(() => createDiscovery(proving({ sourceUrl: url, trust }))).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', field: 'trust.quorum' }),
    )
    const result = await discover({}, { sourceUrl: url, trust: { ...trust, quorum: 1 } })
    expect(result.trust).toBe('agreed')
    const { url: down } = await startServer((_request, response) => void response.destroy())
    const three = { witnesses: [...trust.witnesses, down], quorum: 2 }
    const error = await rejectionOf(discover({}, { sourceUrl: url, trust: three }))
    expect(error).toMatchObject({ code: 'witness-missing' })
  })
})
