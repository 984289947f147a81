import { LightClient } from '@gonka/light-client'

/** Follows a chain from a trusted header to a later one, by its validators' signatures. */
export async function use(network: {
  nodeUrl: string
  chainId: string
  trust: { height: number; hash: string }
}): Promise<string> {
  const client = new LightClient({
    chainId: network.chainId,
    trust: network.trust,
    trustingPeriodMs: 86_400_000,
    primary: network.nodeUrl,
    witnesses: [],
    minWitnesses: 0,
  })
  const { header } = await client.headerAt(network.trust.height + 2)
  return `${header.chainId} +${Number(header.height) - network.trust.height}, app hash of ${header.appHash.length} bytes`
}
