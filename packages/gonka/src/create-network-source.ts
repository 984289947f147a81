import {
  type DiscoverOptions,
  type DiscoveryResult,
  EndpointDiscovery,
  type EndpointDiscoveryOptions,
  type Rejection,
} from '@gonka/discovery'
import type { SourcedSet } from '@gonka/refresh'
import type { Endpoints } from './endpoints.ts'
import type { GonkaConfig } from './gonka-config.ts'

/** How far participants can be trusted: what discovery says of its list, or `configured` when all were given by hand. */
export type NetworkTrust = DiscoveryResult['trust'] | 'configured'

/** The participants of a network, found and configured ones together. */
interface NetworkSet extends SourcedSet {
  /** Entries that discovery left out. */
  readonly rejected: readonly Rejection[]
  readonly sourceUrl: string | undefined
  readonly trust: DiscoveryResult['trust']
  readonly provenBy: DiscoveryResult['provenBy']
}

/** Gives the current participants of a network; fits `RefreshManager` as a source. */
export interface NetworkSource extends Pick<EndpointDiscovery, 'selectPublic'> {
  discover(options?: DiscoverOptions): Promise<NetworkSet>
}

/** What discovery may be told beside the configuration. */
export type DiscoveryPorts = Omit<
  EndpointDiscoveryOptions,
  'sourceUrl' | 'sourceUrls' | 'verifyProofs' | 'trust' | 'chainId' | 'trustStore' | 'allowPrivateHosts'
>

/** Builds the source of a configuration: discovery, and the endpoints that were configured by hand.
 * @returns Undefined when the configuration names no node to ask.
 * @throws {GonkaConfigError} when one of the ports' settings is out of range. */
export function createNetworkSource(
  config: GonkaConfig,
  { endpoints, ...ports }: DiscoveryPorts & { readonly endpoints: Endpoints },
): NetworkSource | undefined {
  const { sourceUrls, verifyProofs, trust, chainId, trustStore, allowPrivateHosts } = config
  if (sourceUrls.length === 0) return undefined
  const proof = { verifyProofs, trust, chainId, trustStore }
  const discovery = new EndpointDiscovery({ ...ports, ...proof, sourceUrls, allowPrivateHosts })
  return {
    selectPublic: (participants, options) => discovery.selectPublic(participants, options),
    async discover(options) {
      const { epochId, participants, rejected, sourceUrl, trust, provenBy } = await discovery.discover(options)
      return {
        epochId,
        participants: await endpoints.addTo(participants, options),
        rejected,
        sourceUrl,
        trust,
        provenBy,
      }
    },
  }
}
