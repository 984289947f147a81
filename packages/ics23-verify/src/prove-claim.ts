import { compareBytes, describeBytes, equalBytes } from './bytes.ts'
import { areAdjacent, isLeftmost, isRightmost, type Way } from './neighbours.ts'
import type { ExistenceProof, NonExistenceProof } from './proof.ts'
import { proveRoot } from './prove-root.ts'
import { refuse } from './refuse.ts'
import type { Spec } from './spec.ts'

/** What the caller says is under a root. */
export interface Claim {
  readonly root: Uint8Array
  readonly key: Uint8Array
}

/** Checks that a decoded proof shows `value` under `key`, the caller's own, in the tree with that root. */
export function proveMembership(
  proof: ExistenceProof,
  claim: Claim & { readonly value: Uint8Array },
  spec: Spec,
): void {
  checkKey(proof.key, claim.key, spec)
  if (!equalBytes(proof.value, claim.value)) {
    const message = `Expected the proof of a value of ${claim.value.length} bytes; it proves another one of ${proof.value.length} bytes.`
    throw refuse('value-mismatch', message, spec)
  }
  proveRoot(proof, claim.root, spec)
}

/** Checks that a decoded proof shows two leaves, or the edge of the tree, with no room for `key`, the caller's own, between. */
export function proveNonMembership(proof: NonExistenceProof, { root, key }: Claim, spec: Spec): void {
  if (key.length === 0) throw refuse('key-empty', 'Expected a key of at least one byte.', spec)
  checkKey(proof.key, key, spec)
  const { left, right } = proof
  if (left === undefined && right === undefined) {
    throw refuse('neighbours-missing', 'Expected at least one neighbour of the absent key.', spec)
  }
  const leftWay = left && { path: left.path, sides: proveRoot(left, root, spec) }
  const rightWay = right && { path: right.path, sides: proveRoot(right, root, spec) }
  if ((left && compareBytes(left.key, key) >= 0) || (right && compareBytes(key, right.key) >= 0)) {
    throw refuse('key-not-between', 'Expected the key strictly between its neighbours.', spec)
  }
  if (!leavesNoRoom(leftWay, rightWay)) {
    throw refuse('neighbours-not-adjacent', 'Expected neighbours with no leaf between, or a leaf at the edge.', spec)
  }
}

function leavesNoRoom(left: Way | undefined, right: Way | undefined): boolean {
  if (left === undefined) return right !== undefined && isLeftmost(right.sides)
  return right === undefined ? isRightmost(left.sides) : areAdjacent(left, right)
}

function checkKey(found: Uint8Array, asked: Uint8Array, spec: Spec): void {
  if (!equalBytes(found, asked)) {
    const message = `Expected a proof about the key ${describeBytes(asked)}; it is about ${describeBytes(found)}.`
    throw refuse('key-mismatch', message, spec)
  }
}
