import { decodeExistence } from './decode-proof.ts'
import { proveMembership } from './prove-claim.ts'
import { readInput, readSpec } from './read-input.ts'
import type { TreeSpec } from './types.ts'

/** What {@link verifyMembership} needs. */
export interface MembershipOptions {
  /** Bytes of an ICS23 `CommitmentProof`, at most 1 MiB. Untrusted. */
  readonly proof: Uint8Array
  /** Root of the tree, 32 bytes, from a source that you trust. */
  readonly root: Uint8Array
  /** The key that you ask about. Make it yourself; never take it from the proof. */
  readonly key: Uint8Array
  /** The value that you are about to use. */
  readonly value: Uint8Array
  /** Which kind of tree the root belongs to. */
  readonly spec: TreeSpec
}

/** Verifies that `value` is stored under `key` in the tree with the given root. Returns nothing: you hold the value.
 * @param options - Proof, trusted root, key, value and kind of tree.
 * @throws {GonkaProofVerificationError} Always on anything else; `code` says why, `root-mismatch` carries both hashes.
 * @example declare const answer: { proof: Uint8Array; value: Uint8Array }
 * declare const storeRoot: Uint8Array // trusted, 32 bytes
 * const key = new TextEncoder().encode('some/key')
 * verifyMembership({ proof: answer.proof, root: storeRoot, key, value: answer.value, spec: 'iavl' })
 * @see ICS-23, "verifyMembership" */
export function verifyMembership(options: MembershipOptions): void {
  const spec = readSpec(options)
  const input = readInput(options, spec.proofType)
  const claim = { root: input.root('root'), key: input.bytes('key'), value: input.bytes('value') }
  proveMembership(decodeExistence(input.bytes('proof'), spec), claim, spec)
}
