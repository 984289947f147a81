export type {
  DiscoverOptions,
  DiscoveryResult,
  EndpointDiscoveryOptions,
  ProvingHeader,
  Rejection,
  RejectionReason,
  ResolveHost,
  Trust,
  TrustStore,
} from '@gonka/discovery'
export { createFileTrustStore, createMemoryTrustStore, EndpointDiscovery, parseTrust } from '@gonka/discovery'
export type { GonkaErrorCode, GonkaParticipant, ParticipantInput, ParticipantSet } from '@gonka/protocol'
export {
  createParticipant,
  GonkaClientError,
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaError,
  GonkaNoParticipantsError,
  GonkaProofVerificationError,
  GonkaRefreshError,
  parseAddress,
  parseEndpoint,
} from '@gonka/protocol'
export type {
  EpochChangeListener,
  ParticipantSink,
  ParticipantSource,
  ParticipantStore,
  RefreshManagerOptions,
  RefreshResult,
  SinkChange,
  SourcedSet,
} from '@gonka/refresh'
export { createFileParticipantStore, createMemoryParticipantStore, RefreshManager } from '@gonka/refresh'
export type {
  ModelRegistrarOptions,
  ParticipantClientFactory,
  ReconcileResult,
  RegisterOneOptions,
  RegisterOptions,
  SigningClientFactoryOptions,
} from '@gonka/registrar'
export { createSigningClientFactory, ModelRegistrar } from '@gonka/registrar'
export type { ChainClockOptions, Clock, SignatureScheme, Signer, SigningFetchOptions } from '@gonka/signer'
export { createChainClock, createSigner, createSigningFetch } from '@gonka/signer'
export type { BrokerOptions, GonkaBroker } from './brokers/gonka-broker.ts'
export type { RegisteredBroker } from './brokers/register-brokers.ts'
export type { GonkaConfigOptions, GonkaEnvironment } from './config-options.ts'
export type { NetworkTrust } from './create-network-source.ts'
export { GonkaConfig } from './gonka-config.ts'
export { registerGonkaModels } from './register-gonka-models.ts'
export type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'
