import { type Devnet, startDevnet } from '@gonka/devnet'
import { createMemoryTrustStore } from '@gonka/discovery'
import { createParticipantArchive } from '@gonka/refresh'
import { Router } from '@multiplexer/core/router'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answering, startServer } from './fixtures/scripted-server.ts'
import { type SourceRelay, startRelay } from './fixtures/source-relay.ts'
import {
  createMemoryParticipantStore,
  createParticipant,
  type GonkaParticipant,
  type ParticipantStore,
} from './index.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

const HOUR_MS = 3_600_000

interface Proven {
  readonly devnet: Devnet
  readonly relay: SourceRelay
  readonly clock: { ms: number }
  readonly store: ParticipantStore
  readonly options: RegisterGonkaModelsOptions
}

/** A network whose proven list is stored. */
async function storeProven(): Promise<Proven> {
  const clock = { ms: Date.now() }
  const devnet = await startDevnet({ participants: 3, seed: 'kept', blockTimeMs: 0, now: () => clock.ms })
  onTestFinished(() => devnet.stop())
  const relay = await startRelay(devnet.url)
  const store = createMemoryParticipantStore()
  const options = {
    sourceUrl: relay.url,
    privateKey: devnet.account.privateKey,
    chainId: devnet.chainId,
    trust: devnet.trustAnchor(),
    participantStore: store,
    allowPrivateHosts: true,
    discovery: { retryCount: 0 },
    env: {},
    now: () => clock.ms,
  }
  await register(new Router(), options)
  return { devnet, relay, clock, store, options }
}

async function register(router: Router, options: RegisterGonkaModelsOptions): Promise<GonkaRegistrationResult> {
  const result = await registerGonkaModels(router, options)
  onTestFinished(() => result.refreshManager?.stop())
  return result
}

async function refusalOf(options: RegisterGonkaModelsOptions): Promise<Error> {
  const router = new Router()
  const error = await register(router, options).then(
    () => expect.unreachable('expected a refusal'),
    (reason: Error) => reason,
  )
  expect(Object.keys(router.getStats().members)).toEqual([])
  return error
}

describe('a list that was proven when it was stored', () => {
  test('is used while every source is down, on the trust that it was proven on', async () => {
    const { devnet, relay, options } = await storeProven()
    relay.target = undefined
    const result = await register(new Router(), options)
    const { height } = devnet.trustAnchor()
    expect(result).toMatchObject({ stale: true, trust: 'anchored', provenBy: { height }, modelsRegistered: 3 })
  })

  test('is used where proofs are no longer required only if it was stored so', async () => {
    const { relay, options } = await storeProven()
    relay.target = undefined
    const error = await refusalOf({ ...options, verifyProofs: false })
    expect(error.message).toContain('other sources or another trust')
  })

  test.each([
    ['another anchor', { trust: { height: 1, hash: 'ab'.repeat(32) } }],
    ['a weaker trust', { trust: 'first-use' as const }],
  ])('is not used on %s', async (_, change) => {
    const { relay, options } = await storeProven()
    relay.target = undefined
    expect((await refusalOf({ ...options, ...change })).message).toContain('other sources or another trust')
  })

  test('is used as long as discovery would accept its header, and no longer', async () => {
    const { relay, clock, options } = await storeProven()
    relay.target = undefined
    clock.ms += 24 * HOUR_MS
    expect(await register(new Router(), options)).toMatchObject({ stale: true })
    clock.ms += 2 * HOUR_MS
    expect((await refusalOf(options)).message).toContain('the limit is maxAgeMs, 90000000 ms')
    const discovery = { ...options.discovery, maxAgeMs: 48 * HOUR_MS }
    expect(await register(new Router(), { ...options, discovery })).toMatchObject({ stale: true })
    clock.ms -= 48 * HOUR_MS
    expect((await refusalOf(options)).message).toContain('was proven at')
  })

  test('is not used when its header has a time that no date can be, as whoever writes the store could say', async () => {
    const { relay, store, options } = await storeProven()
    relay.target = undefined
    const { network, participants, epochId } = JSON.parse((await store.load()) ?? '')
    const provenBy = { height: 1, hash: 'ab'.repeat(32), timeMs: Number.MAX_SAFE_INTEGER }
    const stored = participants.map((each: GonkaParticipant) => createParticipant({ ...each, epochId }))
    await createParticipantArchive(store, { network }).save({
      epochId,
      participants: stored,
      trust: 'anchored',
      provenBy,
    })
    expect(await refusalOf(options)).toMatchObject({ name: 'GonkaDiscoveryError' })
  })
})

describe('a lie is no outage', () => {
  test('a source that lies ends the registration, although a proven list is stored', async () => {
    const { devnet, options } = await storeProven()
    devnet.node(0).lie('forged-app-hash')
    const error = await refusalOf({ ...options, trustStore: createMemoryTrustStore() })
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError' })
  })

  test('also when the other sources are down, and when there are brokers', async () => {
    const { devnet, options } = await storeProven()
    const down = await startServer(answering(503, 'no'))
    devnet.node(0).lie('bytes-differ')
    const sourceUrls = [`${down.url}`, options.sourceUrl ?? '']
    const store = createMemoryParticipantStore()
    const error = await refusalOf({
      ...options,
      sourceUrl: undefined,
      sourceUrls,
      participantStore: store,
      brokers: [{ url: `${down.url}/v1`, apiKey: 'key', models: ['m'] }],
    })
    expect(error.cause).toMatchObject({ name: 'GonkaProofVerificationError', code: 'value-mismatch' })
    expect(await store.load()).toBeUndefined()
  })

  test('a source that turns liar after a stale start changes nobody, and nothing of it is stored', async () => {
    const { devnet, relay, store, options } = await storeProven()
    relay.target = undefined
    const router = new Router()
    const { refreshManager } = await register(router, options)
    const stored = await store.load()
    relay.target = devnet.url
    devnet.node(0).lie('forged-app-hash')
    const result = await refreshManager?.refreshNow()
    expect(result?.error?.cause).toMatchObject({ name: 'GonkaProofVerificationError' })
    expect([Object.keys(router.getStats().members).length, refreshManager?.isStale]).toEqual([3, true])
    expect(await store.load()).toBe(stored)
  })
})
