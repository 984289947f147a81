import type { ExistenceProof, InnerOp } from './proof.ts'
import { refuse } from './refuse.ts'
import type { Side, Spec } from './spec.ts'
import { readVarint } from './varint.ts'

const HASH_BYTES = 32

/** What the preimage of every IAVL node starts with. */
interface NodeHeader {
  /** Levels below the node; 0 for a leaf. */
  readonly height: number
  /** Leaves below the node; 1 for a leaf. */
  readonly size: number
  /** Block height that wrote the node. */
  readonly version: number
  /** Where the header ends in the prefix. */
  readonly end: number
}

/** The IAVL tree of a store, with node format v1: height, size and version as zigzag varints, then length-prefixed hashes.
 * The whole header is checked, so that bytes of a key can never be read as part of a prefix, nor a leaf as an inner node. */
export const IAVL: Spec = { proofType: 'ics23:iavl', maxDepth: 64, readSides }

function readSides({ leaf, path }: ExistenceProof, spec: Spec): readonly Side[] {
  let below = readLeafHeader(leaf.prefix, spec)
  return path.map((op) => {
    const header = readHeader(op.prefix)
    if (header === undefined) {
      throw refuse('inner-prefix-wrong', 'Expected height, size and version as three minimal varints.', spec)
    }
    if (header.height <= below.height || header.size <= below.size || header.version < below.version) {
      const found = `${below.height}, ${below.size}, ${below.version} below ${header.height}, ${header.size}, ${header.version}`
      throw refuse('inner-order-wrong', `Expected growing height and size, and no falling version; got ${found}.`, spec)
    }
    below = header
    const side = sideOf(op, header.end)
    if (side === undefined) {
      throw refuse('inner-prefix-wrong', 'Expected 20 and the child, with 20 and one sibling on one side.', spec)
    }
    return side
  })
}

function readLeafHeader(prefix: Uint8Array, spec: Spec): NodeHeader {
  const header = readHeader(prefix)
  if (header === undefined || header.height !== 0 || header.size !== 1 || header.end !== prefix.length) {
    throw refuse('leaf-prefix-wrong', 'Expected height 0, size 1, a version, and nothing after it.', spec)
  }
  return header
}

function readHeader(prefix: Uint8Array): NodeHeader | undefined {
  const height = readZigzag(prefix, 0)
  const size = height && readZigzag(prefix, height.end)
  const version = size && readZigzag(prefix, size.end)
  return version && { height: height.value, size: size.value, version: version.value, end: version.end }
}

/** The writer stores signed numbers; a negative one is never honest here. */
function readZigzag(bytes: Uint8Array, offset: number): { value: number; end: number } | undefined {
  const varint = readVarint(bytes, offset)
  if (varint === undefined || varint.value % 2 === 1) return undefined
  return { value: varint.value / 2, end: varint.end }
}

function sideOf({ prefix, suffix }: InnerOp, headerEnd: number): Side | undefined {
  const before = prefix.subarray(headerEnd)
  if (isChildStart(before) && isSibling(suffix)) return 'left'
  if (isSibling(before.subarray(0, 1 + HASH_BYTES)) && isChildStart(before.subarray(1 + HASH_BYTES))) {
    return suffix.length === 0 ? 'right' : undefined
  }
  return undefined
}

function isChildStart(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === HASH_BYTES
}

function isSibling(bytes: Uint8Array): boolean {
  return bytes.length === 1 + HASH_BYTES && bytes[0] === HASH_BYTES
}
