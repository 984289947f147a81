export type { AccountOptions, DevnetAccount } from './accounts.ts'
export type { DevnetChain } from './chain.ts'
export type { DevnetNode } from './devnet-node.ts'
export type { FaultPath, FaultSpec } from './faults.ts'
export type { Lie, LieKind } from './liars/lie-kinds.ts'
export { LIES } from './liars/lie-kinds.ts'
export type { RecordedRequest } from './request-log.ts'
export { startDevnet } from './start-devnet.ts'
export type {
  Devnet,
  DevnetMode,
  DevnetOptions,
  EpochChange,
  EpochTurn,
  JsonDialect,
  Listing,
  ParticipantSpec,
  TrustAnchor,
} from './types.ts'
export type { SignedRequest } from './verify-request-signature.ts'
export { verifyRequestSignature } from './verify-request-signature.ts'
