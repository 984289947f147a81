export { GonkaProofVerificationError } from '@gonka/protocol'
