import { EndpointDiscovery } from '@gonka/discovery'

/** Finds the participants of the epoch in force, proven from a trusted header. */
export async function use(network: {
  nodeUrl: string
  chainId: string
  trust: { height: number; hash: string }
}): Promise<string> {
  const discovery = new EndpointDiscovery({
    sourceUrl: network.nodeUrl,
    chainId: network.chainId,
    trust: network.trust,
    allowPrivateHosts: true,
  })
  const { participants, trust } = await discovery.discover()
  return `${participants.length} participants, trust ${trust}`
}
