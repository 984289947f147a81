import { equalBytes } from './bytes.ts'
import type { ExistenceProof, InnerOp } from './proof.ts'
import { refuse } from './refuse.ts'
import type { Side, Spec } from './spec.ts'

const LEAF_PREFIX = Uint8Array.of(0)
const INNER_PREFIX = 1
const HASH_BYTES = 32

/** The simple Merkle tree of the multistore (RFC 6962): leaves start with `00`, inner nodes with `01`, nothing else. */
export const SIMPLE: Spec = { proofType: 'ics23:simple', maxDepth: 32, readSides }

function readSides({ leaf, path }: ExistenceProof, spec: Spec): readonly Side[] {
  if (!equalBytes(leaf.prefix, LEAF_PREFIX)) {
    throw refuse('leaf-prefix-wrong', `Expected the leaf prefix 00; got ${leaf.prefix.length} bytes.`, spec)
  }
  return path.map((op) => {
    const side = sideOf(op)
    if (side === undefined) {
      throw refuse('inner-prefix-wrong', 'Expected 01 and one sibling of 32 bytes on one side of the child.', spec)
    }
    return side
  })
}

function sideOf({ prefix, suffix }: InnerOp): Side | undefined {
  if (prefix[0] !== INNER_PREFIX) return undefined
  if (prefix.length === 1 && suffix.length === HASH_BYTES) return 'left'
  if (prefix.length === 1 + HASH_BYTES && suffix.length === 0) return 'right'
  return undefined
}
