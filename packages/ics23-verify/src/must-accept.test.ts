import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, utf8, varint } from './fixtures/bytes.ts'
import {
  bytesField,
  encodeExistence,
  encodeNonExistence,
  existenceMessage,
  innerMessage,
  leafMessage,
  varintField,
} from './fixtures/encode-proof.ts'
import { KEY, TREES, VALUE } from './fixtures/scene.ts'
import { isAcceptedByConfio } from './fixtures/second-opinion.ts'
import { createIavlTree, createSimpleTree, type Entry } from './fixtures/tree.ts'
import type { ExistenceProof } from './proof.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

describe.each(['iavl', 'simple'] as const)('the %s tree', (spec) => {
  const createTree = spec === 'iavl' ? createIavlTree : createSimpleTree

  it('proves every key that it has and every key that it has not, and @confio/ics23 agrees', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
    const entries = fc.uniqueArray(fc.record({ key: bytes, value: bytes, version: fc.nat({ max: 2 ** 31 - 1 }) }), {
      minLength: 1,
      maxLength: 20,
      selector: ({ key }) => key.join(),
    })
    fc.assert(
      fc.property(entries, bytes, (records: Entry[], other) => {
        const tree = createTree(records)
        for (const { key, value } of records) {
          const claim = { proof: encodeExistence(tree.prove(key)), root: tree.root, key, value, spec }
          verifyMembership(claim)
          expect(isAcceptedByConfio(claim)).toBe(true)
        }
        if (records.some(({ key }) => key.join() === other.join())) return
        const absence = { proof: encodeNonExistence(tree.proveAbsence(other)), root: tree.root, key: other, spec }
        verifyNonMembership(absence)
        expect(isAcceptedByConfio(absence)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('may have a single leaf: membership with an empty path, absence with one neighbour and an empty path', () => {
    const tree = createTree([{ key: KEY, value: VALUE }])
    expect(tree.prove(KEY).path).toEqual([])
    verifyMembership({ proof: encodeExistence(tree.prove(KEY)), root: tree.root, key: KEY, value: VALUE, spec })
    for (const key of [utf8('a'), utf8('z')]) {
      verifyNonMembership({ proof: encodeNonExistence(tree.proveAbsence(key)), root: tree.root, key, spec })
    }
  })

  it('may be proved with the two fields whose value is the default written out', () => {
    verifyMembership({ ...honest(), proof: rewrite(TREES[spec].prove(KEY)) })
  })

  it('may be proved with the fields in another order', () => {
    const proof = TREES[spec].prove(KEY)
    const ops = proof.path.map((op) => bytesField(4, innerMessage(op)))
    const leaf = bytesField(3, leafMessage(proof.leaf))
    const message = concat(...ops, leaf, bytesField(2, VALUE), bytesField(1, KEY))
    verifyMembership({ ...honest(), proof: bytesField(1, message) })
  })

  it('accepts bytes that are views of larger buffers, and Buffers', () => {
    const { proof, ...rest } = honest()
    const padded = concat(Uint8Array.of(1, 2, 3), proof, Uint8Array.of(4))
    verifyMembership({ ...rest, proof: padded.subarray(3, -1), key: Buffer.from(KEY) })
    expect(padded).toEqual(concat(Uint8Array.of(1, 2, 3), proof, Uint8Array.of(4)))
  })

  it('has keys longer than 127 bytes and values longer than the proof reader likes to show', () => {
    const entry = { key: new Uint8Array(300).fill(1), value: new Uint8Array(70_000).fill(2) }
    const tree = createTree([entry, { key: KEY, value: VALUE }])
    verifyMembership({ ...entry, proof: encodeExistence(tree.prove(entry.key)), root: tree.root, spec })
  })

  function honest() {
    return { proof: encodeExistence(TREES[spec].prove(KEY)), root: TREES[spec].root, key: KEY, value: VALUE, spec }
  }
})

it('accepts IAVL versions above 2^32', () => {
  const version = 2 ** 40 + 1
  const tree = createIavlTree([
    { key: KEY, value: VALUE, version },
    { key: utf8('z'), value: VALUE, version: 1 },
  ])
  verifyMembership({ proof: encodeExistence(tree.prove(KEY)), root: tree.root, key: KEY, value: VALUE, spec: 'iavl' })
})

/** The same proof with `prehash_key: NO_HASH` and every empty suffix written out, as some encoders do. */
function rewrite({ key, value, leaf, path }: ExistenceProof): Uint8Array {
  const leafBytes = concat(varintField(2, 0), leafMessage(leaf))
  const ops = path.map((op) => {
    const message = op.suffix.length === 0 ? concat(innerMessage(op), bytesField(3, op.suffix)) : innerMessage(op)
    return bytesField(4, message)
  })
  expect(path.some((op) => op.suffix.length === 0)).toBe(true)
  const message = concat(bytesField(1, key), bytesField(2, value), bytesField(3, leafBytes), ...ops)
  expect(message.length).toBeGreaterThan(existenceMessage({ key, value, leaf, path }).length)
  return concat(varint(10), varint(message.length), message)
}
