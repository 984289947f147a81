export { GonkaDiscoveryError, GonkaProofVerificationError, type LightClientErrorCode } from '@gonka/protocol'
export { createEd25519Verify } from './create-ed25519-verify.ts'
export { createMemoryTrustStore } from './create-memory-trust-store.ts'
export { createRpcSource, type RpcSource, type RpcSourceOptions, type RpcStatus } from './create-rpc-source.ts'
export { hashHeader } from './hash-header.ts'
export { hashValidators } from './hash-validators.ts'
export { LightClient } from './light-client.ts'
export { parseCommit } from './parse-commit.ts'
export { parseHeader } from './parse-header.ts'
export { parseSignedHeader } from './parse-signed-header.ts'
export { parseValidators } from './parse-validators.ts'
export type { Height, LightClientOptions } from './resolve-options.ts'
export { formatTrustedState, parseTrustedState } from './trusted-state.ts'
export type {
  BlockId,
  BlockSource,
  CallOptions,
  Commit,
  CommitSignature,
  Ed25519Input,
  Ed25519Verify,
  FetchLike,
  Header,
  LightBlock,
  SignedHeader,
  TrustedState,
  TrustLevel,
  TrustStore,
  Validator,
} from './types.ts'
export { type VerifyCommitOptions, verifyCommit } from './verify-commit.ts'
export { type VerifyLightBlockOptions, verifyLightBlock } from './verify-light-block.ts'
export { type Vote, voteSignBytes } from './vote-sign-bytes.ts'
