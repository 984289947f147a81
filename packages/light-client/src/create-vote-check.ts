import { equalBytes } from './bytes.ts'
import { createEd25519Verify } from './create-ed25519-verify.ts'
import { refusal } from './errors.ts'
import type { Commit, CommitSignature, Ed25519Verify } from './types.ts'
import { voteSignBytes } from './vote-sign-bytes.ts'

/** What a vote check needs. */
export interface VoteCheckInput {
  readonly chainId: string
  readonly commit: Commit
  readonly ed25519Verify?: Ed25519Verify | undefined
}

/** Checks that the vote at an index of the commit is signed with a key. */
export type VoteCheck = (index: number, publicKey: Uint8Array) => void

let shared: Ed25519Verify | undefined

/** Makes a check of single votes that checks none of them twice with the same key.
 * @returns A function that throws {GonkaProofVerificationError} `signature-invalid`. */
export function createVoteCheck({ chainId, commit, ed25519Verify }: VoteCheckInput): VoteCheck {
  const verify = ed25519Verify ?? defaultVerify()
  const checked = new Map<number, Uint8Array>()
  return (index, publicKey) => {
    const done = checked.get(index)
    if (done && equalBytes(done, publicKey)) return
    const { vote, timeNs, signature } = commit.signatures[index] as CommitSignature
    const blockId = vote === 'commit' ? commit.blockId : undefined
    const message = voteSignBytes({ chainId, height: commit.height, round: commit.round, blockId, timeNs })
    // Not truthy but true: a check that forgot to await would be a promise.
    if (verify({ publicKey, message, signature }) !== true) throw badSignature(commit, index)
    checked.set(index, publicKey)
  }
}

/** One for all, so that keys are imported once. Made on first use: importing the package does nothing. */
function defaultVerify(): Ed25519Verify {
  shared ??= createEd25519Verify()
  return shared
}

function badSignature({ height }: Commit, index: number): Error {
  return refusal('signature-invalid', `commit.signatures[${index}] at height ${height} is not signed by its validator.`)
}
