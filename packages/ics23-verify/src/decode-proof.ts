import type { ExistenceProof, InnerOp, LeafOp, NonExistenceProof } from './proof.ts'
import { createMessageReader } from './read-message.ts'
import { refuse } from './refuse.ts'
import type { Spec } from './spec.ts'

// Field numbers: cosmos/ics23, proofs.proto.
const readArms = /* @__PURE__ */ createMessageReader({
  exist: [1, 'bytes'],
  nonexist: [2, 'bytes'],
  batch: [3, 'bytes'],
  compressed: [4, 'bytes'],
})
const readNonExistenceMessage = /* @__PURE__ */ createMessageReader({
  key: [1, 'bytes'],
  left: [2, 'bytes'],
  right: [3, 'bytes'],
})
const readExistenceMessage = /* @__PURE__ */ createMessageReader({
  key: [1, 'bytes'],
  value: [2, 'bytes'],
  leaf: [3, 'bytes'],
  path: [4, 'list'],
})
const readLeafMessage = /* @__PURE__ */ createMessageReader({
  hash: [1, 'varint'],
  prehashKey: [2, 'varint'],
  prehashValue: [3, 'varint'],
  length: [4, 'varint'],
  prefix: [5, 'bytes'],
})
const readInnerMessage = /* @__PURE__ */ createMessageReader({
  hash: [1, 'varint'],
  prefix: [2, 'bytes'],
  suffix: [3, 'bytes'],
})

const MAX_PROOF_BYTES = 1024 * 1024
const EMPTY = new Uint8Array()

/** Decodes a proof of existence; every other kind is refused.
 * @throws {GonkaProofVerificationError} `proof-too-large`, `proof-too-deep`, `proof-malformed`, `proof-kind-wrong`. */
export function decodeExistence(proof: Uint8Array, spec: Spec): ExistenceProof {
  const { exist } = readProof(proof, spec)
  if (exist === undefined) throw refuse('proof-kind-wrong', 'Expected a proof of existence.', spec)
  return readExistence(exist, spec)
}

/** Decodes a proof of absence; every other kind is refused.
 * @throws {GonkaProofVerificationError} `proof-too-large`, `proof-too-deep`, `proof-malformed`, `proof-kind-wrong`. */
export function decodeNonExistence(proof: Uint8Array, spec: Spec): NonExistenceProof {
  const { nonexist } = readProof(proof, spec)
  if (nonexist === undefined) throw refuse('proof-kind-wrong', 'Expected a proof of absence.', spec)
  const { key, left, right } = readNonExistenceMessage(nonexist, spec)
  return {
    key: key ?? EMPTY,
    left: left === undefined ? undefined : readExistence(left, spec),
    right: right === undefined ? undefined : readExistence(right, spec),
  }
}

function readProof(proof: Uint8Array, spec: Spec): ReturnType<typeof readArms> {
  if (proof.length > MAX_PROOF_BYTES) {
    throw refuse('proof-too-large', `Expected at most ${MAX_PROOF_BYTES} bytes; got ${proof.length}.`, spec)
  }
  const arms = readArms(proof, spec)
  if (arms.batch !== undefined || arms.compressed !== undefined) {
    throw refuse('proof-kind-wrong', 'Expected one plain proof; got a batch or a compressed one.', spec)
  }
  if (arms.exist !== undefined && arms.nonexist !== undefined) {
    throw refuse('proof-kind-wrong', 'Expected existence or absence; got both.', spec)
  }
  return arms
}

function readExistence(bytes: Uint8Array, spec: Spec): ExistenceProof {
  const { key, value, leaf, path } = readExistenceMessage(bytes, spec)
  return {
    key: key ?? EMPTY,
    value: value ?? EMPTY,
    leaf: readLeafOp(leaf ?? EMPTY, spec),
    path: path.map((op) => readInnerOp(op, spec)),
  }
}

function readLeafOp(bytes: Uint8Array, spec: Spec): LeafOp {
  const leaf = readLeafMessage(bytes, spec)
  return { ...leaf, prefix: leaf.prefix ?? EMPTY }
}

function readInnerOp(bytes: Uint8Array, spec: Spec): InnerOp {
  const { hash, prefix, suffix } = readInnerMessage(bytes, spec)
  return { hash, prefix: prefix ?? EMPTY, suffix: suffix ?? EMPTY }
}
