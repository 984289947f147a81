import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDiscovery } from './fixtures/discover.ts'
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
})
