import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { InnerOp } from './state/encode-proof.ts'

const LEAF = Uint8Array.of(0)
const INNER = Uint8Array.of(1)

/** Root over byte strings, as CometBFT hashes headers, validator sets and store names.
 * @see RFC 6962, section 2.1 */
export function merkleRoot(items: readonly Uint8Array[]): Uint8Array {
  const [only] = items
  if (only === undefined) return sha256(new Uint8Array(0))
  if (items.length === 1) return sha256(concatBytes(LEAF, only))
  const half = splitPoint(items.length)
  return hashPair(merkleRoot(items.slice(0, half)), merkleRoot(items.slice(half)))
}

/** The way from an item to the root, from the leaf upwards. */
export function merklePath(items: readonly Uint8Array[], index: number): InnerOp[] {
  if (items.length < 2) return []
  const half = splitPoint(items.length)
  const [left, right] = [items.slice(0, half), items.slice(half)]
  return index < half
    ? [...merklePath(left, index), { prefix: INNER, suffix: merkleRoot(right) }]
    : [...merklePath(right, index - half), { prefix: concatBytes(INNER, merkleRoot(left)), suffix: new Uint8Array(0) }]
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(INNER, left, right))
}

/** The largest power of two below `count`. */
function splitPoint(count: number): number {
  let half = 1
  while (half * 2 < count) half *= 2
  return half
}
