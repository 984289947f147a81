import { concatBytes } from '@noble/hashes/utils.js'
import type { Epoch } from '../epochs.ts'
import type { AbsenceProof, ExistenceProof } from '../state/encode-proof.ts'
import type { IavlNode } from '../state/iavl-tree.ts'
import { proveKey, proveNeighbours } from '../state/prove-key.ts'
import { recordKey } from '../state/store-keys.ts'
import { varint } from '../write-protobuf.ts'
import { LATE_KEY, swallowedLateKey, swallowedRecordKey } from './attacker.ts'

/** What a forgery is made from: an honest tree with the attacker's batches of an epoch. */
interface ForgerySource {
  readonly tree: IavlNode
  readonly epoch: Epoch
  readonly seed: string
}

/** "Proves" an active set that the tree does not hold. Every hash is right; only the leaf's prefix is too long. */
export function forgeMembership({ tree, epoch, seed }: ForgerySource): ExistenceProof {
  return swallowHead(proveLeaf(tree, swallowedRecordKey(epoch, seed)), recordKey(epoch.epochId))
}

/** "Proves" that an active set is absent: the batch's real neighbour on the left, the batch itself, re-read, on the right. */
export function forgeAbsence({ tree, epoch, seed }: ForgerySource): AbsenceProof {
  const batchKey = swallowedLateKey(epoch, seed)
  const { left } = proveNeighbours(tree, batchKey.slice(0, -1))
  return { key: recordKey(epoch.epochId), left, right: swallowHead(proveLeaf(tree, batchKey), LATE_KEY) }
}

function proveLeaf(tree: IavlNode, key: Uint8Array): ExistenceProof {
  const proof = proveKey(tree, key)
  if (!proof) throw new RangeError('the tree does not hold the batch to forge with')
  return proof
}

/** Reads a leaf as if its key were the tail only. The byte before the tail is the tail's length: where the real key has
 * it, the forged leaf has its own length, so both have the same bytes and the same hash. */
function swallowHead(proof: ExistenceProof, tail: Uint8Array): ExistenceProof {
  const head = proof.key.slice(0, proof.key.length - tail.length - 1)
  const leafPrefix = concatBytes(proof.leafPrefix, varint(BigInt(proof.key.length)), head)
  return { ...proof, key: tail, leafPrefix }
}
