import { equalBytes } from './bytes.ts'
import { checkCommit } from './check-commit.ts'
import { checkHeader } from './check-header.ts'
import { checkValidators, totalPower } from './check-validators.ts'
import { createVoteCheck, type VoteCheck } from './create-vote-check.ts'
import { refusal } from './errors.ts'
import type { Commit, CommitSignature, Ed25519Verify, LightBlock, Validator } from './types.ts'

/** What {@link verifyCommit} checks. */
export interface VerifyCommitOptions extends Omit<LightBlock, 'nextValidators'> {
  /** The chain that the header must be of. */
  readonly chainId: string
  /** Checks one signature. @default node:crypto and `@noble/curves` */
  readonly ed25519Verify?: Ed25519Verify | undefined
}

/** Verifies that more than 2/3 of a validator set signed a header.
 *
 * It does not say that the set is the chain's: anybody can make up keys and sign with them. For that, see
 * {@link verifyLightBlock} and {@link LightClient}.
 * @param options.header - The header.
 * @param options.commit - The votes on it. Every one must be signed well, also those for nothing.
 * @param options.validators - The set that `header.validatorsHash` names, in the chain's order.
 * @returns The header's hash, 32 bytes.
 * @throws {GonkaProofVerificationError} `chain-id-mismatch`, `header-invalid`, `commit-invalid`, `header-hash-mismatch`,
 * `validators-invalid`, `validators-hash-mismatch`, `signature-invalid` or `not-enough-power`.
 * @example const hash = verifyCommit({ chainId: 'gonka-mainnet', header, commit, validators })
 * @see CometBFT, types/validation.go, `VerifyCommit` */
export function verifyCommit(options: VerifyCommitOptions): Uint8Array {
  const hash = checkLightBlock(options, options.chainId)
  verifyVotes(options, createVoteCheck(options))
  return hash
}

/** Everything about one block that needs no signature check: form, hashes, and whose vote is whose.
 * @returns The header's hash. */
export function checkLightBlock(block: LightBlock, chainId: string): Uint8Array {
  const { header, commit, validators } = block
  checkHeader(header, chainId)
  const hash = checkCommit(block)
  checkValidators(validators, header.validatorsHash)
  checkVoters(commit, validators)
  return hash
}

/** Checks all signatures, then counts the votes for the block: strictly more than 2/3 of the power. */
export function verifyVotes({ commit, validators }: LightBlock, checkVote: VoteCheck): void {
  let signed = 0n
  validators.forEach(({ publicKey, votingPower }, index) => {
    const vote = commit.signatures[index]?.vote
    if (vote === 'absent') return
    checkVote(index, publicKey)
    if (vote === 'commit') signed += votingPower
  })
  const total = totalPower(validators)
  if (signed * 3n > total * 2n) return
  throw refusal(
    'not-enough-power',
    `More than 2/3 of the voting power must have signed height ${commit.height}; got ${signed} of ${total}.`,
  )
}

/** Vote i belongs to validator i. Older CometBFT does not compare the addresses, but they choose whose key is used. */
function checkVoters({ signatures }: Commit, validators: readonly Validator[]): void {
  if (signatures.length !== validators.length) {
    throw refusal(
      'commit-invalid',
      `commit.signatures must have one entry for each of ${validators.length} validators; got ${signatures.length}.`,
    )
  }
  validators.forEach(({ address }, index) => {
    const { vote, validatorAddress } = signatures[index] as CommitSignature
    if (vote === 'absent' || equalBytes(validatorAddress, address)) return
    throw refusal(
      'commit-invalid',
      `commit.signatures[${index}].validatorAddress must be that of validators[${index}].`,
    )
  })
}
