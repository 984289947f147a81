import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { lengthPrefixed, varint } from '../write-protobuf.ts'
import { compareBytes } from './compare-bytes.ts'

/** A key and its value, with the version (block height) that wrote them. */
export interface IavlLeaf {
  readonly height: 0
  readonly size: 1
  readonly version: number
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** A branch. `key` is the smallest key of the right half. */
export interface IavlInner {
  readonly height: number
  readonly size: number
  readonly version: number
  readonly key: Uint8Array
  readonly left: IavlNode
  readonly right: IavlNode
}

/** A node of an IAVL tree (v1 hashing). Nodes never change, so versions share what did not change between them. */
export type IavlNode = IavlLeaf | IavlInner

/** Puts a value under a key.
 * @returns The tree of the new version; `tree` itself stays as it was. */
export function putValue(tree: IavlNode | undefined, leaf: Omit<IavlLeaf, 'height' | 'size'>): IavlNode {
  const added: IavlLeaf = { height: 0, size: 1, ...leaf }
  return tree === undefined ? added : putLeaf(tree, added)
}

function putLeaf(node: IavlNode, leaf: IavlLeaf): IavlNode {
  const order = compareBytes(leaf.key, node.key)
  if (isInner(node)) {
    const { left, right, key } = node
    const changed = order < 0 ? { left: putLeaf(left, leaf), right } : { left, right: putLeaf(right, leaf) }
    return balance(branch({ ...changed, key, version: leaf.version }))
  }
  if (order === 0) return leaf
  return order < 0
    ? branch({ left: leaf, right: node, key: node.key, version: leaf.version })
    : branch({ left: node, right: leaf, key: leaf.key, version: leaf.version })
}

function branch(parts: Omit<IavlInner, 'height' | 'size'>): IavlInner {
  const { left, right } = parts
  return { ...parts, height: 1 + Math.max(left.height, right.height), size: left.size + right.size }
}

/** Rotates as an AVL tree does when one half is two levels higher than the other. */
function balance(node: IavlInner): IavlInner {
  const lean = leanOf(node)
  if (lean > 1 && isInner(node.left)) {
    return rotateRight(leanOf(node.left) < 0 ? branch({ ...node, left: rotateLeft(node.left) }) : node)
  }
  if (lean < -1 && isInner(node.right)) {
    return rotateLeft(leanOf(node.right) > 0 ? branch({ ...node, right: rotateRight(node.right) }) : node)
  }
  return node
}

function leanOf({ left, right }: IavlInner): number {
  return left.height - right.height
}

function rotateRight(node: IavlInner): IavlInner {
  const { left: top, version } = node
  if (!isInner(top)) return node
  return branch({ ...top, version, right: branch({ ...node, left: top.right }) })
}

function rotateLeft(node: IavlInner): IavlInner {
  const { right: top, version } = node
  if (!isInner(top)) return node
  return branch({ ...top, version, left: branch({ ...node, right: top.left }) })
}

/** Whether a node is a branch. */
export function isInner(node: IavlNode): node is IavlInner {
  return 'left' in node
}

const hashes = /* @__PURE__ */ new WeakMap<IavlNode, Uint8Array>()

/** Hash of a node; of the topmost one, the root of the store.
 * @see cosmos/iavl v1, node hashing; ICS-23 `IavlSpec` */
export function hashNode(node: IavlNode): Uint8Array {
  const known = hashes.get(node)
  if (known) return known
  const hash = isInner(node)
    ? hashInner(node, hashNode(node.left), hashNode(node.right))
    : hashLeaf(leafPrefix(node.version), node)
  hashes.set(node, hash)
  return hash
}

/** What an inner node's children's hashes are hashed together with. */
export type InnerHead = Pick<IavlInner, 'height' | 'size' | 'version'>

/** Hash of a branch over the hashes of its halves. */
export function hashInner(head: InnerHead, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(innerHead(head), lengthPrefixed(left), lengthPrefixed(right)))
}

/** Height, size and version of a branch, each as a signed varint. */
export function innerHead({ height, size, version }: InnerHead): Uint8Array {
  return concatBytes(...[height, size, version].map(signedVarint))
}

/** What stands before a leaf's key: height 0, size 1, version. */
export function leafPrefix(version: number): Uint8Array {
  return innerHead({ height: 0, size: 1, version })
}

/** Hash of a leaf; the multistore uses it with prefix `00`. */
export function hashLeaf(
  prefix: Uint8Array,
  { key, value }: { readonly key: Uint8Array; readonly value: Uint8Array },
): Uint8Array {
  return sha256(concatBytes(prefix, lengthPrefixed(key), lengthPrefixed(sha256(value))))
}

/** Go's `binary.PutVarint` of a number that is not negative. */
function signedVarint(value: number): Uint8Array {
  return varint(BigInt(value) * 2n)
}
