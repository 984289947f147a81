export { checkPlatform } from '@multiplexer/core/errors'
export { anonymousRequest } from './anonymous-request.ts'
export type { Bech32 } from './bech32.ts'
export { decodeBech32, encodeBech32 } from './bech32.ts'
export type { NodeAnswer } from './classify-node-answer.ts'
export { classifyNodeAnswer, isResignable } from './classify-node-answer.ts'
export type { ParticipantInput } from './create-participant.ts'
export { createParticipant, parseEndpoint } from './create-participant.ts'
export type { TextFile } from './create-text-file.ts'
export { createTextFile } from './create-text-file.ts'
export type { ActiveParticipant, ActiveParticipants } from './decode-active-participants.ts'
export { decodeActiveParticipants } from './decode-active-participants.ts'
export { describeErrorCode } from './describe-error-code.ts'
export type { GonkaErrorCode } from './errors.ts'
export {
  GonkaClientError,
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaError,
  GonkaNoParticipantsError,
  GonkaProofVerificationError,
  GonkaRefreshError,
} from './errors.ts'
export { isModelId } from './is-model-id.ts'
export { isPrivateHost } from './is-private-host.ts'
export type { LightClientErrorCode } from './light-client-error-codes.ts'
export { formatAddress, parseAddress } from './parse-address.ts'
export { parseBlockTime } from './parse-block-time.ts'
export { parseHttpUrl, redactUrl } from './parse-url.ts'
export type { GonkaParticipant, ParticipantSet } from './participant.ts'
export type { ProofErrorCode } from './proof-error-codes.ts'
export { readBodyText } from './read-body-text.ts'
export { readErrorText } from './read-error-text.ts'
export { readNewUrl } from './read-new-url.ts'
export type { ProtobufField } from './read-protobuf.ts'
export { readProtobuf } from './read-protobuf.ts'
export type { TimeoutOptions } from './run-with-timeout.ts'
export { runWithTimeout } from './run-with-timeout.ts'
export { untilAborted } from './until-aborted.ts'
export { HEADERS, NODE_ONLY_HEADERS, PATHS } from './wire.ts'
