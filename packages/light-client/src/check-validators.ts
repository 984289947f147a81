import { equalBytes, toHex } from './bytes.ts'
import { checkValidatorsShape } from './check-shape.ts'
import { refusal } from './errors.ts'
import { hashValidators, validatorAddress } from './hash-validators.ts'
import type { Validator } from './types.ts'

const PUBLIC_KEY_BYTES = 32
/** The protocol's bound, which keeps sums and products of powers inside 64 bits. */
const MAX_TOTAL_POWER = (2n ** 63n - 1n) / 8n

/** Checks the members of a validator set, and that together they are the set that a header names.
 * @throws {GonkaProofVerificationError} `validators-invalid`, `validators-hash-mismatch`. */
export function checkValidators(validators: readonly Validator[], expectedHash: Uint8Array): void {
  checkValidatorsShape(validators)
  if (validators.length === 0) throw refusal('validators-invalid', 'validators must not be empty.')
  const seen = new Set<string>()
  validators.forEach((validator, index) => {
    checkValidator(validator, index)
    seen.add(toHex(validator.address))
  })
  if (seen.size !== validators.length) throw refusal('validators-invalid', 'validators must not repeat an address.')
  const total = totalPower(validators)
  if (total > MAX_TOTAL_POWER) {
    throw refusal('validators-invalid', `validators must have at most ${MAX_TOTAL_POWER} votes in all; got ${total}.`)
  }
  checkHash(validators, expectedHash)
}

/** Sum of the voting power of a set. */
export function totalPower(validators: readonly Validator[]): bigint {
  return validators.reduce((total, { votingPower }) => total + votingPower, 0n)
}

function checkValidator({ address, publicKey, votingPower }: Validator, index: number): void {
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw invalid(index, `publicKey must have ${PUBLIC_KEY_BYTES} bytes; got ${publicKey.length}`)
  }
  if (!equalBytes(address, validatorAddress(publicKey))) throw invalid(index, 'address must be that of its publicKey')
  if (votingPower <= 0n) throw invalid(index, `votingPower must be above 0; got ${votingPower}`)
}

function checkHash(validators: readonly Validator[], expectedHash: Uint8Array): void {
  const computedHash = hashValidators(validators)
  if (equalBytes(computedHash, expectedHash)) return
  throw refusal(
    'validators-hash-mismatch',
    `These ${validators.length} validators are not the set that the header names. A page may be missing.`,
    { expectedHash, computedHash },
  )
}

function invalid(index: number, problem: string): Error {
  return refusal('validators-invalid', `validators[${index}].${problem}.`)
}
