export type { GonkaParticipant, ParticipantSet } from '@gonka/protocol'
export { GonkaConfigError, GonkaDiscoveryError, GonkaNoParticipantsError } from '@gonka/protocol'
export { EndpointDiscovery } from './endpoint-discovery.ts'
export type {
  DiscoverOptions,
  DiscoveryLogger,
  DiscoveryResult,
  EndpointDiscoveryOptions,
  FetchLike,
  Rejection,
  RejectionReason,
  Sleep,
} from './types.ts'
