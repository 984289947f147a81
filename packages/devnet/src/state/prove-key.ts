import { concatBytes } from '@noble/hashes/utils.js'
import { compareBytes } from './compare-bytes.ts'
import type { ExistenceProof, InnerOp } from './encode-proof.ts'
import { hashNode, type IavlInner, type IavlLeaf, type IavlNode, innerHead, isInner, leafPrefix } from './iavl-tree.ts'

const CHILD_SIZE = Uint8Array.of(0x20)

/** A leaf with the branches above it, the nearest first. */
interface Position {
  readonly leaf: IavlLeaf
  readonly path: readonly InnerOp[]
}

/** Proves that a key is in a tree.
 * @returns undefined when it is not. */
export function proveKey(tree: IavlNode, key: Uint8Array): ExistenceProof | undefined {
  const { leaf, path } = descend(tree, (node) => compareBytes(key, node.key) < 0)
  return compareBytes(leaf.key, key) === 0 ? toProof({ leaf, path }) : undefined
}

/** Proves the keys on both sides of a key that is not in the tree; at an edge there is only one. */
export function proveNeighbours(
  tree: IavlNode,
  key: Uint8Array,
): { readonly left: ExistenceProof | undefined; readonly right: ExistenceProof | undefined } {
  const leaves = listLeaves(tree)
  const after = leaves.findIndex((leaf) => compareBytes(leaf.key, key) > 0)
  const [left, right] = after < 0 ? [leaves.at(-1), undefined] : [leaves[after - 1], leaves[after]]
  return { left: left && proveKey(tree, left.key), right: right && proveKey(tree, right.key) }
}

function listLeaves(node: IavlNode): IavlLeaf[] {
  return isInner(node) ? [...listLeaves(node.left), ...listLeaves(node.right)] : [node]
}

function descend(node: IavlNode, goesLeft: (node: IavlInner) => boolean): Position {
  if (!isInner(node)) return { leaf: node, path: [] }
  const isLeft = goesLeft(node)
  const { leaf, path } = descend(isLeft ? node.left : node.right, goesLeft)
  return { leaf, path: [...path, isLeft ? leftOp(node) : rightOp(node)] }
}

/** We are the left half: the right one follows. */
function leftOp(node: IavlInner): InnerOp {
  return {
    prefix: concatBytes(innerHead(node), CHILD_SIZE),
    suffix: concatBytes(CHILD_SIZE, hashNode(node.right)),
  }
}

/** We are the right half: the left one stands before us. */
function rightOp(node: IavlInner): InnerOp {
  const prefix = concatBytes(innerHead(node), CHILD_SIZE, hashNode(node.left), CHILD_SIZE)
  return { prefix, suffix: new Uint8Array(0) }
}

function toProof({ leaf, path }: Position): ExistenceProof {
  return { key: leaf.key, value: leaf.value, leafPrefix: leafPrefix(leaf.version), path }
}
