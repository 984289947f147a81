import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import type { DiscoveryResult } from './types.ts'

async function startNetwork(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({ seed: 'discovery', blockTimeMs: 0, ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

const summarize = ({ participants }: DiscoveryResult): unknown =>
  participants.map(({ address, inferenceUrl, weight, models }) => ({ address, inferenceUrl, weight, models }))

const describeNodes = ({ nodes }: Devnet): unknown =>
  nodes
    .filter(({ inEpoch }) => inEpoch)
    .map(({ address, url, weight, models }) => ({ address, inferenceUrl: url, weight, models: [...models] }))

describe('a whole network', () => {
  test.each(['numbers', 'strings', 'mixed'] as const)('is read in the dialect %s, from every node', async (dialect) => {
    const devnet = await startNetwork({
      participants: [{ weight: 30 }, { weight: 0 }, { models: ['a', 'b'] }],
      dialect,
    })
    for (const sourceUrl of devnet.urls) {
      const result = await createDiscovery({ sourceUrl, allowPrivateHosts: true }).discovery.discover()
      expect(summarize(result)).toEqual(describeNodes(devnet))
      expect(result).toMatchObject({ epochId: devnet.epochId, sourceUrl, trust: 'none', rejected: [] })
    }
  })

  test('is followed from epoch to epoch, and old epochs stay readable', async () => {
    const devnet = await startNetwork({ participants: 3 })
    const { discovery } = createDiscovery({ sourceUrls: devnet.urls, allowPrivateHosts: true })
    const before = await discovery.discover()
    await devnet.nextEpoch({ join: 1, leave: [1], reweight: { 0: 77 } })
    const after = await discovery.discover()
    expect(after.epochId).toBe(before.epochId + 1)
    expect(summarize(after)).toEqual(describeNodes(devnet))
    expect(await discovery.getCurrentEpoch()).toBe(after.epochId)
    expect(summarize(await discovery.discoverForEpoch(before.epochId))).toEqual(summarize(before))
  })

  test('is found through another node while some are down or ill', async () => {
    const devnet = await startNetwork({ participants: 3 })
    const { discovery } = createDiscovery({ sourceUrls: devnet.urls, allowPrivateHosts: true })
    await devnet.node(0).kill()
    devnet.node(1).fault({ status: 503, path: 'discovery' })
    expect((await discovery.discover()).sourceUrl).toBe(devnet.node(2).url)
  })

  test.each([
    [{ hang: true }],
    [{ reset: true }],
    [{ garbage: true }],
    [{ cutAfterEvents: 1 }],
    [{ endAfterEvents: 1 }],
    [{ status: 502, body: '<html>' }],
    [{ status: 410 }],
  ] as const)('is found in spite of a node with the fault %j', async (fault) => {
    const devnet = await startNetwork({ participants: 2 })
    devnet.node(0).fault({ ...fault, path: 'discovery' })
    const options = { sourceUrls: devnet.urls, allowPrivateHosts: true, timeoutMs: 'hang' in fault ? 100 : 30_000 }
    const { discovery } = createDiscovery({ ...options, transferAgents: [], retryCount: 20 })
    expect((await discovery.discover()).sourceUrl).toBe(devnet.node(1).url)
  })

  test('leaves out excluded participants and transfer agents that are not allowed', async () => {
    const devnet = await startNetwork({ participants: 4 })
    const addresses = devnet.nodes.map(({ address }) => address)
    devnet.exclude(0)
    devnet.setTransferAgents([addresses[0]!, addresses[2]!])
    const { discovery } = createDiscovery({ sourceUrl: devnet.url, allowPrivateHosts: true })
    const { participants, rejected } = await discovery.discover()
    expect(participants.map(({ address }) => address)).toEqual([addresses[2]])
    expect(rejected).toEqual([
      { address: addresses[0], reason: 'excluded' },
      { address: addresses[1], reason: 'transfer-agent-not-allowed' },
      { address: addresses[3], reason: 'transfer-agent-not-allowed' },
    ])
  })

  test('on this machine is refused unless private hosts are allowed', async () => {
    const devnet = await startNetwork({ participants: 5 })
    const error = await rejectionOf(createDiscovery({ sourceUrl: devnet.url }).discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaNoParticipantsError', sourceUrl: devnet.url })
    expect(error.message).toContain('5 refused: private host; set allowPrivateHosts for local networks')
  })

  test('refuses an epoch that it does not have, in its own words', async () => {
    const devnet = await startNetwork({ participants: 1, dialect: 'strings' })
    const { discovery } = createDiscovery({ sourceUrl: devnet.url, allowPrivateHosts: true })
    const error = await rejectionOf(discovery.discoverForEpoch(999))
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 404 })
    expect(error.message).toContain('active participants not found for epoch')
  })
})
