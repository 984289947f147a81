import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from './bytes.ts'

const LEAF: Uint8Array = Uint8Array.of(0)
const INNER: Uint8Array = Uint8Array.of(1)

/** Root of the Merkle tree of RFC 6962: leaves and inner nodes are told apart by their first byte. */
export function merkleRoot(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return sha256(new Uint8Array(0))
  return rootOf(items.map((item) => sha256(concatBytes(LEAF, item))))
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1))
  return sha256(concatBytes(INNER, rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split))))
}
