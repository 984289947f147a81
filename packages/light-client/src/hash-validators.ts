import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from './bytes.ts'
import { checkValidatorsShape } from './check-shape.ts'
import { bytesField, intField, messageField } from './encode-protobuf.ts'
import { merkleRoot } from './merkle-root.ts'
import type { Validator } from './types.ts'

/** Computes the hash of a validator set, as headers name it.
 * @param validators - In the chain's order: power descending, then address ascending. Addresses are not hashed.
 * @returns 32 bytes.
 * @throws {GonkaProofVerificationError} `validators-invalid` on values that no set can hold: they would be hashed like others.
 * @example const hash = hashValidators(validators)
 * @see CometBFT, types/validator_set.go, `ValidatorSet.Hash` */
export function hashValidators(validators: readonly Validator[]): Uint8Array {
  checkValidatorsShape(validators)
  return merkleRoot(
    validators.map(({ publicKey, votingPower }) =>
      concatBytes(messageField(1, bytesField(1, publicKey)), intField(2, votingPower)),
    ),
  )
}

/** The address of an Ed25519 key: the first 20 bytes of its SHA-256. */
export function validatorAddress(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, 20)
}
