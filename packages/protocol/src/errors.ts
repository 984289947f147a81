import { MultiplexerError } from '@multiplexer/core/errors'
import type { LightClientErrorCode } from './light-client-error-codes.ts'
import type { ProofErrorCode } from './proof-error-codes.ts'

/** Literal codes of the errors thrown by the Gonka packages. */
export type GonkaErrorCode =
  | ProofErrorCode
  | LightClientErrorCode
  | 'address-invalid'
  | 'client-invalid'
  | 'config-invalid'
  | 'key-invalid'
  | 'endpoint-invalid'
  | 'url-invalid'
  | 'host-refused'
  | 'discovery-failed'
  | 'discovery-answer-invalid'
  | 'discovery-answer-too-large'
  | 'discovery-redirected'
  | 'discovery-timeout'
  | 'epoch-invalid'
  | 'epoch-mismatch'
  | 'epoch-stale'
  | 'no-participants'
  | 'protobuf-invalid'
  | 'record-invalid'
  | 'refresh-failed'
  | 'request-redirected'
  | 'request-unsupported'
  | 'trust-store-invalid'

/** Base of every error of the Gonka packages. */
export class GonkaError extends MultiplexerError {
  override readonly name: string = 'GonkaError'
  declare readonly code: GonkaErrorCode
}

/** A signer, signing fetch or client could not be made or used. */
export class GonkaClientError extends GonkaError {
  override readonly name = 'GonkaClientError'
  /** Address of the participant the client was for. */
  readonly participantAddress: string | undefined
  /** Name of the input at fault. */
  readonly field: string | undefined

  constructor(
    code: GonkaErrorCode,
    message: string,
    details: { participantAddress?: string | undefined; field?: string | undefined; cause?: unknown } = {},
  ) {
    super(code, message, causeOf(details))
    this.participantAddress = details.participantAddress
    this.field = details.field
  }
}

/** Configuration is missing or malformed. */
export class GonkaConfigError extends GonkaError {
  override readonly name = 'GonkaConfigError'
  /** Name of the option at fault. */
  readonly field: string | undefined

  constructor(code: GonkaErrorCode, message: string, details: { field?: string | undefined; cause?: unknown } = {}) {
    super(code, message, causeOf(details))
    this.field = details.field
  }
}

/** The participants of an epoch could not be fetched or read. */
export class GonkaDiscoveryError extends GonkaError {
  override readonly name = 'GonkaDiscoveryError'
  /** The source that failed, without credentials and query. */
  readonly sourceUrl: string | undefined
  /** HTTP status of its answer. */
  readonly statusCode: number | undefined

  constructor(
    code: GonkaErrorCode,
    message: string,
    details: { sourceUrl?: string | undefined; statusCode?: number | undefined; cause?: unknown } = {},
  ) {
    super(code, message, causeOf(details))
    this.sourceUrl = details.sourceUrl
    this.statusCode = details.statusCode
  }
}

/** Discovery worked and found nobody to send requests to. */
export class GonkaNoParticipantsError extends GonkaError {
  override readonly name = 'GonkaNoParticipantsError'
  /** The epoch that was asked for: `current` or a number. */
  readonly epoch: string | undefined
  /** The source that answered, without credentials and query. */
  readonly sourceUrl: string | undefined

  constructor(message: string, details: { epoch?: string | undefined; sourceUrl?: string | undefined } = {}) {
    super('no-participants', message)
    this.epoch = details.epoch
    this.sourceUrl = details.sourceUrl
  }
}

/** A proof does not show what it should. Nothing it covers may be used. */
export class GonkaProofVerificationError extends GonkaError {
  override readonly name = 'GonkaProofVerificationError'
  /** The root that was required. */
  readonly expectedHash: Uint8Array | undefined
  /** The root that the proof gives. */
  readonly computedHash: Uint8Array | undefined
  /** Which proof failed. */
  readonly proofType: string | undefined

  constructor(
    code: GonkaErrorCode,
    message: string,
    details: {
      expectedHash?: Uint8Array | undefined
      computedHash?: Uint8Array | undefined
      proofType?: string | undefined
      cause?: unknown
    } = {},
  ) {
    super(code, message, causeOf(details))
    this.expectedHash = details.expectedHash
    this.computedHash = details.computedHash
    this.proofType = details.proofType
  }
}

/** A refresh failed; the last good set stays in use. */
export class GonkaRefreshError extends GonkaError {
  override readonly name = 'GonkaRefreshError'
  /** Epoch of the set that stays in use. */
  readonly lastSuccessfulEpoch: number | undefined

  constructor(message: string, details: { lastSuccessfulEpoch?: number | undefined; cause?: unknown } = {}) {
    super('refresh-failed', message, causeOf(details))
    this.lastSuccessfulEpoch = details.lastSuccessfulEpoch
  }
}

function causeOf(details: { cause?: unknown }): { cause?: unknown } {
  return details.cause === undefined ? {} : { cause: details.cause }
}
