import { GonkaProofVerificationError } from '@gonka/protocol'

/** Those who were asked to vouch contradict each other: the search ends here, no other source can settle it. */
export class WitnessConflictError extends GonkaProofVerificationError {
  constructor(message: string) {
    super('witness-conflict', message)
  }
}
