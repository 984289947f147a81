import { concatBytes } from '@noble/hashes/utils.js'
import { bytesField, integerField } from '../write-protobuf.ts'

/** One step from a node to its parent: what is hashed before and after the node's hash. */
export interface InnerOp {
  readonly prefix: Uint8Array
  readonly suffix: Uint8Array
}

/** A key, its value, and the way from their leaf to the root. */
export interface ExistenceProof {
  readonly key: Uint8Array
  readonly value: Uint8Array
  readonly leafPrefix: Uint8Array
  /** From the leaf upwards. */
  readonly path: readonly InnerOp[]
}

/** A key that is in no leaf, and the leaves on both sides of where it would be. */
export interface AbsenceProof {
  readonly key: Uint8Array
  readonly left: ExistenceProof | undefined
  readonly right: ExistenceProof | undefined
}

const SHA256 = 1
const VAR_PROTO = 1

/** ICS-23 `CommitmentProof` that a key is there. */
export function encodeMembership(proof: ExistenceProof): Uint8Array {
  return bytesField(1, encodeExistence(proof))
}

/** ICS-23 `CommitmentProof` that a key is not there. */
export function encodeAbsence({ key, left, right }: AbsenceProof): Uint8Array {
  const neighbours = [left && bytesField(2, encodeExistence(left)), right && bytesField(3, encodeExistence(right))]
  return bytesField(2, concatBytes(bytesField(1, key), ...neighbours.filter((field) => field !== undefined)))
}

function encodeExistence({ key, value, leafPrefix, path }: ExistenceProof): Uint8Array {
  const leaf = concatBytes(
    integerField(1, SHA256),
    integerField(3, SHA256),
    integerField(4, VAR_PROTO),
    bytesField(5, leafPrefix),
  )
  const steps = path.map((op) => bytesField(4, encodeInner(op)))
  return concatBytes(bytesField(1, key), bytesField(2, value), bytesField(3, leaf), ...steps)
}

function encodeInner({ prefix, suffix }: InnerOp): Uint8Array {
  const after = suffix.length === 0 ? suffix : bytesField(3, suffix)
  return concatBytes(integerField(1, SHA256), bytesField(2, prefix), after)
}
