import { GonkaProofVerificationError, type LightClientErrorCode } from '@gonka/protocol'

/** What else is known about a refusal. */
export interface RefusalDetails {
  readonly expectedHash?: Uint8Array | undefined
  readonly computedHash?: Uint8Array | undefined
  readonly cause?: unknown
}

/** The one error for everything about trust; names this package's kind of proof. */
export function refusal(
  code: LightClientErrorCode,
  message: string,
  details: RefusalDetails = {},
): GonkaProofVerificationError {
  return new GonkaProofVerificationError(code, message, { ...details, proofType: 'light-client' })
}

/** Whether an error is a refusal with this code, also when it comes from another copy of the package. */
export function isRefusal(error: unknown, code: LightClientErrorCode): boolean {
  const { name, code: found } = (error ?? {}) as { name?: unknown; code?: unknown }
  return name === 'GonkaProofVerificationError' && found === code
}
