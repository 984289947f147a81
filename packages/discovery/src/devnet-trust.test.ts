import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { createMemoryTrustStore } from './memory-trust-store.ts'
import type { DiscoveryResult, EndpointDiscoveryOptions, Trust } from './types.ts'

async function startNetwork(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({ seed: 'trust', blockTimeMs: 0, ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

function proving(devnet: Devnet, trust: Trust, options: EndpointDiscoveryOptions = {}): EndpointDiscoveryOptions {
  const { url: sourceUrl, chainId } = devnet
  return { sourceUrl, chainId, trust, verifyProofs: true, allowPrivateHosts: true, retryCount: 0, ...options }
}

const summarize = ({ participants }: DiscoveryResult): unknown =>
  participants.map(({ address, inferenceUrl, weight, models }) => ({ address, inferenceUrl, weight, models }))

const describeNodes = ({ nodes }: Devnet): unknown =>
  nodes
    .filter(({ inEpoch }) => inEpoch)
    .map(({ address, url, weight, models }) => ({ address, inferenceUrl: url, weight, models: [...models] }))

const TRUSTS: [string, (devnet: Devnet) => Trust][] = [
  ['anchored', (devnet) => devnet.trustAnchor()],
  ['agreed', ({ urls }) => ({ witnesses: urls.slice(1), quorum: 2 })],
  ['first-use', () => 'first-use'],
]

describe.each(TRUSTS)('an honest network on the trust %s', (name, create) => {
  test.each(['numbers', 'strings', 'mixed'] as const)(
    'is proven in the dialect %s, from every node',
    async (dialect) => {
      const devnet = await startNetwork({ participants: 4, dialect })
      for (const sourceUrl of devnet.urls) {
        const options = proving(devnet, create(devnet), { sourceUrl })
        const trust = 'agreed' === name ? { witnesses: devnet.urls, quorum: 3 } : options.trust
        const result = await createDiscovery({ ...options, trust }).discovery.discover()
        expect(summarize(result)).toEqual(describeNodes(devnet))
        expect(result).toMatchObject({ epochId: devnet.epochId, trust: name, sourceUrl })
        const { height, hash } = devnet.trustAnchor()
        expect(result.provenBy).toMatchObject({ height, hash: hash.toLowerCase() })
      }
    },
  )

  test('is followed over epochs in which most of the validators change', async () => {
    const devnet = await startNetwork({ participants: 4 })
    const { discovery } = createDiscovery(proving(devnet, create(devnet)))
    expect((await discovery.discover()).epochId).toBe(7)
    for (const leave of [1, 2, 3]) {
      await devnet.nextEpoch({ join: 1, leave: [leave], reweight: { 0: 50 + leave } })
      const result = await discovery.discover()
      expect(result).toMatchObject({ epochId: devnet.epochId, trust: name })
      expect(summarize(result)).toEqual(describeNodes(devnet))
    }
  })

  test('does not fall back to an epoch before one that was proven, with new memory or old', async () => {
    const devnet = await startNetwork({ participants: 4 })
    const past = devnet.trustAnchor()
    const trustStore = createMemoryTrustStore()
    await devnet.nextEpoch({ join: 1 })
    const trust = name === 'anchored' ? past : create(devnet)
    const { discovery } = createDiscovery(proving(devnet, trust, { trustStore }))
    expect((await discovery.discover()).epochId).toBe(8)
    expect((await discovery.discoverForEpoch(7)).epochId).toBe(7)
    devnet.node(0).lie('stale-epoch')
    const restarted = createDiscovery(proving(devnet, trust, { trustStore })).discovery
    for (const each of [discovery, restarted]) {
      const error = await rejectionOf(each.discover())
      expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'epoch-stale' })
      expect(error.message).toMatch(/epoch \d is given as the one in force, but epoch 8 was proven before/)
    }
  })
})

describe('an anchor', () => {
  test('after the header that proves the epoch leads back to it', async () => {
    const devnet = await startNetwork({ participants: 3 })
    devnet.chain.advance(20)
    const anchor = devnet.trustAnchor(devnet.chain.height)
    const { discovery } = createDiscovery(proving(devnet, anchor))
    for (let call = 0; call < 2; call++) {
      expect((await discovery.discover()).provenBy?.height).toBe(devnet.trustAnchor().height)
    }
    await devnet.nextEpoch({ join: 1 })
    expect((await discovery.discover()).epochId).toBe(8)
  })

  test('too long after it is refused, saying which height to trust instead', async () => {
    const devnet = await startNetwork({ participants: 3 })
    devnet.chain.advance(1_500)
    const anchor = devnet.trustAnchor(devnet.chain.height)
    const error = await rejectionOf(createDiscovery(proving(devnet, anchor)).discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'backwards-too-far' })
    expect(error.message).toContain(`Trust the header at height ${devnet.trustAnchor().height}`)
  })

  test('replaces another one, and what stems from that', async () => {
    const [first, second] = [
      await startNetwork({ participants: 3 }),
      await startNetwork({ participants: 3, seed: 'other' }),
    ]
    const trustStore = createMemoryTrustStore()
    await createDiscovery(proving(first, first.trustAnchor(), { trustStore })).discovery.discover()
    const moved = createDiscovery(proving(second, first.trustAnchor(), { trustStore })).discovery
    expect(await rejectionOf(moved.discover())).toMatchObject({ name: 'GonkaProofVerificationError' })
    const renamed = createDiscovery(proving(second, second.trustAnchor(), { trustStore })).discovery
    expect((await renamed.discover()).sourceUrl).toBe(second.url)
  })

  test('does not build on what was pinned at first use', async () => {
    const [honest, liar] = [
      await startNetwork({ participants: 3 }),
      await startNetwork({ participants: 3, seed: 'liar' }),
    ]
    const trustStore = createMemoryTrustStore()
    await createDiscovery(proving(liar, 'first-use', { trustStore })).discovery.discover()
    const deceived = createDiscovery(proving(liar, honest.trustAnchor(), { trustStore })).discovery
    expect(await rejectionOf(deceived.discover())).toMatchObject({ code: 'header-hash-mismatch' })
  })

  test.each([
    [35, undefined],
    [37, 'trust-expired'],
  ])('%i hours old leads to a new epoch: %s', async (hours, code) => {
    let nowMs = Date.now()
    const now = (): number => nowMs
    const devnet = await startNetwork({ participants: 3, now })
    const { discovery } = createDiscovery(proving(devnet, devnet.trustAnchor(), { now }))
    nowMs += hours * 3_600_000
    await devnet.nextEpoch({ join: 1 })
    if (code === undefined) expect((await discovery.discover()).epochId).toBe(8)
    else expect(await rejectionOf(discovery.discover())).toMatchObject({ code })
  })
})

test.each([0, 1, 2])('the pin of first use refuses another chain that is %i epochs ahead', async (turns) => {
  const [first, other] = [
    await startNetwork({ participants: 3 }),
    await startNetwork({ participants: 3, seed: 'other' }),
  ]
  const trustStore = createMemoryTrustStore()
  await createDiscovery(proving(first, 'first-use', { trustStore })).discovery.discover()
  const pin = await trustStore.load()
  for (let turn = 0; turn < turns; turn++) await other.nextEpoch({ join: 1 })
  const { discovery } = createDiscovery(proving(other, 'first-use', { trustStore }))
  expect(await rejectionOf(discovery.discover())).toMatchObject({ name: 'GonkaProofVerificationError' })
  expect(await trustStore.load()).toBe(pin)
})
