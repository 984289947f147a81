import { decodeNonExistence } from './decode-proof.ts'
import { proveNonMembership } from './prove-claim.ts'
import { readInput, readSpec } from './read-input.ts'
import type { TreeSpec } from './types.ts'

/** What {@link verifyNonMembership} needs. */
export interface NonMembershipOptions {
  /** Bytes of an ICS23 `CommitmentProof`, at most 1 MiB. Untrusted. */
  readonly proof: Uint8Array
  /** Root of the tree, 32 bytes, from a source that you trust. */
  readonly root: Uint8Array
  /** The key that you ask about. Make it yourself; never take it from the proof. */
  readonly key: Uint8Array
  /** Which kind of tree the root belongs to. */
  readonly spec: TreeSpec
}

/** Verifies that nothing is stored under `key` in the tree with the given root.
 * @param options - Proof, trusted root, key and kind of tree.
 * @throws {GonkaProofVerificationError} Always on anything else; `code` says why, `root-mismatch` carries both hashes.
 * @example declare const proof: Uint8Array
 * declare const storeRoot: Uint8Array // trusted, 32 bytes
 * verifyNonMembership({ proof, root: storeRoot, key: new TextEncoder().encode('some/key'), spec: 'iavl' })
 * @see ICS-23, "verifyNonMembership" */
export function verifyNonMembership(options: NonMembershipOptions): void {
  const spec = readSpec(options)
  const input = readInput(options, spec.proofType)
  const claim = { root: input.root('root'), key: input.bytes('key') }
  proveNonMembership(decodeNonExistence(input.bytes('proof'), spec), claim, spec)
}
