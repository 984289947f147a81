import { GonkaProofVerificationError, type ProofErrorCode } from '@gonka/protocol'

/** Which proof an error is about: one tree's, or the chain of both. */
export type ProofType = 'ics23:iavl' | 'ics23:simple' | 'ics23'

/** What an error carries beside its message. A spec can be passed as it is. */
export interface RefusalDetails {
  readonly proofType: ProofType
  readonly expectedHash?: Uint8Array
  readonly computedHash?: Uint8Array
}

/** Makes the one error that this package throws. Hashes are copied, so that nobody's buffer hangs on an error. */
export function refuse(code: ProofErrorCode, message: string, details: RefusalDetails): GonkaProofVerificationError {
  const { proofType, expectedHash, computedHash } = details
  return new GonkaProofVerificationError(code, `${proofType}: ${message}`, {
    proofType,
    expectedHash: expectedHash?.slice(),
    computedHash: computedHash?.slice(),
  })
}
