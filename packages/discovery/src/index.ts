export type { GonkaParticipant, ParticipantSet } from '@gonka/protocol'
export {
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaNoParticipantsError,
  GonkaProofVerificationError,
} from '@gonka/protocol'
export { EndpointDiscovery } from './endpoint-discovery.ts'
export { createFileTrustStore } from './file-trust-store.ts'
export { createMemoryTrustStore } from './memory-trust-store.ts'
export { parseTrust } from './parse-trust.ts'
export type {
  DiscoverOptions,
  DiscoveryLogger,
  DiscoveryResult,
  EndpointDiscoveryOptions,
  FetchLike,
  ProvingHeader,
  Rejection,
  RejectionReason,
  ResolveHost,
  Sleep,
  Trust,
  TrustStore,
} from './types.ts'
