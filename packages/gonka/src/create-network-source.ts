import {
  type DiscoveryResult,
  EndpointDiscovery,
  type EndpointDiscoveryOptions,
  type Rejection,
} from '@gonka/discovery'
import type { GonkaParticipant, ParticipantSet } from '@gonka/protocol'
import type { GonkaConfig } from './gonka-config.ts'

/** How far participants can be trusted: what discovery says of its list, or `configured` when all were given by hand. */
export type NetworkTrust = DiscoveryResult['trust'] | 'configured'

/** The participants of a network, found and configured ones together. */
export interface NetworkSet extends ParticipantSet {
  /** Entries that discovery left out. */
  readonly rejected: readonly Rejection[]
  /** How far the list can be trusted. */
  readonly trust: NetworkTrust
  /** The header under which the list is proven. */
  readonly provenBy: DiscoveryResult['provenBy']
}

/** Gives the current participants of a network; fits `RefreshManager` as a source. */
export interface NetworkSource {
  discover(options?: { signal?: AbortSignal | undefined }): Promise<NetworkSet>
}

/** What discovery may be told beside the configuration. */
export type DiscoveryPorts = Omit<
  EndpointDiscoveryOptions,
  'sourceUrl' | 'sourceUrls' | 'verifyProofs' | 'trust' | 'chainId' | 'trustStore' | 'allowPrivateHosts'
>

/** Builds the source of a configuration: discovery when it names nodes, and the endpoints it gives by hand.
 * @throws {GonkaConfigError} when one of the ports' settings is out of range. */
export function createNetworkSource(config: GonkaConfig, ports: DiscoveryPorts): NetworkSource {
  const { sourceUrls, endpoints, verifyProofs, trust, chainId, trustStore, allowPrivateHosts } = config
  if (sourceUrls.length === 0) {
    const set = { epochId: 0, participants: endpoints, rejected: [], trust: 'configured', provenBy: undefined } as const
    return { discover: async () => set }
  }
  const proof = { verifyProofs, trust, chainId, trustStore }
  const discovery = new EndpointDiscovery({ ...ports, ...proof, sourceUrls, allowPrivateHosts })
  return {
    async discover(options) {
      const { epochId, participants, rejected, trust, provenBy } = await discovery.discover(options)
      return { epochId, participants: withEndpoints(participants, endpoints), rejected, trust, provenBy }
    },
  }
}

/** What the network says of an address is newer than what somebody once configured. */
function withEndpoints(
  found: readonly GonkaParticipant[],
  endpoints: readonly GonkaParticipant[],
): readonly GonkaParticipant[] {
  const addresses = new Set(found.map(({ address }) => address))
  return [...found, ...endpoints.filter(({ address }) => !addresses.has(address))]
}
