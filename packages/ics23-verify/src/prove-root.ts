import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { describeBytes, equalBytes } from './bytes.ts'
import type { ExistenceProof, InnerOp, LeafOp } from './proof.ts'
import { refuse } from './refuse.ts'
import type { Side, Spec } from './spec.ts'
import { encodeVarint } from './varint.ts'

// Values of the enums HashOp and LengthOp in proofs.proto. Both trees use the same.
const NO_HASH = 0
const SHA256 = 1
const VAR_PROTO = 1

/** Checks that a proof is well-formed for its tree and leads to `root`.
 * @returns On which side of its parent each node is, from the leaf to the root.
 * @throws {GonkaProofVerificationError} For every key, value, op or hash that is not as the tree would have made it. */
export function proveRoot(proof: ExistenceProof, root: Uint8Array, spec: Spec): readonly Side[] {
  if (proof.key.length === 0) throw refuse('key-empty', 'Expected a key of at least one byte.', spec)
  if (proof.value.length === 0) throw refuse('value-empty', 'Expected a value of at least one byte.', spec)
  checkLeafOp(proof.leaf, spec)
  for (const op of proof.path) checkInnerOp(op, spec)
  const sides = spec.readSides(proof, spec)
  const computedHash = computeRoot(proof)
  if (!equalBytes(computedHash, root)) {
    const message = `Expected the root ${describeBytes(root)}; the proof gives ${describeBytes(computedHash)}.`
    throw refuse('root-mismatch', message, { proofType: spec.proofType, expectedHash: root, computedHash })
  }
  return sides
}

function checkLeafOp({ hash, prehashKey, prehashValue, length }: LeafOp, spec: Spec): void {
  if (hash !== SHA256 || prehashKey !== NO_HASH || prehashValue !== SHA256 || length !== VAR_PROTO) {
    const found = `${hash}, ${prehashKey}, ${prehashValue}, ${length}`
    throw refuse('leaf-op-wrong', `Expected hash, prehash_key, prehash_value, length 1, 0, 1, 1; got ${found}.`, spec)
  }
}

function checkInnerOp({ hash }: InnerOp, spec: Spec): void {
  if (hash !== SHA256) throw refuse('inner-op-wrong', `Expected hash 1 (SHA-256); got ${hash}.`, spec)
}

function computeRoot({ key, value, leaf, path }: ExistenceProof): Uint8Array {
  const valueHash = sha256(value)
  let hash: Uint8Array = sha256(
    concatBytes(leaf.prefix, encodeVarint(key.length), key, encodeVarint(valueHash.length), valueHash),
  )
  for (const { prefix, suffix } of path) hash = sha256(concatBytes(prefix, hash, suffix))
  return hash
}
