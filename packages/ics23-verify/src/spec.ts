import type { ExistenceProof } from './proof.ts'

/** Which child of its parent a node is. */
export type Side = 'left' | 'right'

/** What is special to one kind of tree. */
export interface Spec {
  readonly proofType: 'ics23:iavl' | 'ics23:simple'
  /** Most inner nodes between a leaf and the root. */
  readonly maxDepth: number
  /** Checks the prefix of the leaf and the bytes around every child, and tells on which side each child is.
   * @throws {GonkaProofVerificationError} `leaf-prefix-wrong`, `inner-prefix-wrong`, `inner-order-wrong`. */
  readonly readSides: (proof: ExistenceProof, spec: Spec) => readonly Side[]
}
