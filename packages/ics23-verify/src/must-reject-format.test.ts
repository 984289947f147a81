import { describe, expect, it } from 'vitest'
import { concat, utf8, varint, zigzag } from './fixtures/bytes.ts'
import {
  bytesField,
  encodeExistence,
  encodeNonExistence,
  existenceMessage,
  innerMessage,
  LEAF_OP,
  leafMessage,
  nonExistenceMessage,
  varintField,
} from './fixtures/encode-proof.ts'
import { expectRefusal } from './fixtures/expect-refusal.ts'
import { swallowKeyHead } from './fixtures/forgeries.ts'
import { KEY, TREES, VALUE, verifyOwnAbsence, verifyOwnClaim, withInner, withLeaf } from './fixtures/scene.ts'
import { createIavlTree, type Tree } from './fixtures/tree.ts'
import type { ExistenceProof, InnerOp } from './proof.ts'
import { verifyMembership } from './verify-membership.ts'

const IAVL = TREES.iavl.prove(KEY)
const SIMPLE = TREES.simple.prove(KEY)
const SIBLING = new Uint8Array(32).fill(9)
const SIZED_SIBLING = concat(Uint8Array.of(32), SIBLING)
const EMPTY = new Uint8Array()

it('starts from proofs that are accepted, so that each case differs in one thing only', () => {
  for (const key of TREES.iavl.entries.map((entry) => entry.key)) {
    verifyOwnClaim(TREES.iavl.prove(key), 'iavl')
    verifyOwnClaim(TREES.simple.prove(key), 'simple')
  }
  expect(() => verifyBytes(encodeExistence(IAVL))).not.toThrow()
})

describe('leaf prefix', () => {
  it('case 01: a prefix that swallows the head of a key', () => {
    const hiding = { key: utf8('head\x04tail'), value: VALUE }
    const tree = createIavlTree([hiding])
    expectRefusal(() => verifyOwnClaim(swallowKeyHead(tree, hiding.key, utf8('tail')), 'iavl'), 'leaf-prefix-wrong')
  })

  it('case 02: only 00, without size and version', () => {
    expectLeafPrefix(Uint8Array.of(0))
    expectLeafPrefix(EMPTY)
    expectLeafPrefix(Uint8Array.of(0, 2))
  })

  it('case 03: a size other than 1, or a height other than 0', () => {
    expectLeafPrefix(header(0, 0, 5))
    expectLeafPrefix(header(0, 2, 5))
    expectLeafPrefix(header(1, 1, 5))
  })

  it('case 04: padded, negative, truncated or over-long numbers', () => {
    expectLeafPrefix(Uint8Array.of(0, 2, 0x8a, 0))
    expectLeafPrefix(Uint8Array.of(0x80, 0, 2, 10))
    expectLeafPrefix(Uint8Array.of(0, 0x82, 0, 10))
    expectLeafPrefix(header(0, 1, -5))
    expectLeafPrefix(header(0, -1, 5))
    expectLeafPrefix(Uint8Array.of(0, 2, 0x8a))
    expectLeafPrefix(header(0, 1, 2 ** 52))
  })

  it('case 05: bytes after the version', () => {
    expectLeafPrefix(concat(header(0, 1, 5), Uint8Array.of(0)))
    expectRefusal(
      () => verifyOwnClaim(withLeaf(SIMPLE, { prefix: Uint8Array.of(0, 0) }), 'simple'),
      'leaf-prefix-wrong',
    )
    expectRefusal(() => verifyOwnClaim(withLeaf(SIMPLE, { prefix: Uint8Array.of(1) }), 'simple'), 'leaf-prefix-wrong')
    expectRefusal(() => verifyOwnClaim(withLeaf(SIMPLE, { prefix: EMPTY }), 'simple'), 'leaf-prefix-wrong')
  })

  function expectLeafPrefix(prefix: Uint8Array): void {
    expectRefusal(() => verifyOwnClaim(withLeaf({ ...IAVL, path: [] }, { prefix }), 'iavl'), 'leaf-prefix-wrong')
  }
})

describe('inner nodes', () => {
  it('case 06: the prefix 00 in the simple tree', () => {
    expectSimpleInner({ prefix: Uint8Array.of(0), suffix: SIBLING })
    expectSimpleInner({ prefix: concat(Uint8Array.of(0), SIBLING), suffix: EMPTY })
  })

  it('case 07: the prefix 02 in the simple tree, or none', () => {
    expectSimpleInner({ prefix: Uint8Array.of(2), suffix: SIBLING })
    expectSimpleInner({ prefix: concat(Uint8Array.of(2), SIBLING), suffix: EMPTY })
    expectSimpleInner({ prefix: EMPTY, suffix: SIBLING })
  })

  it('case 08: a sibling on both sides, or on neither', () => {
    expectSimpleInner({ prefix: concat(Uint8Array.of(1), SIBLING), suffix: SIBLING })
    expectSimpleInner({ prefix: Uint8Array.of(1), suffix: EMPTY })
    expectIavlInner({ prefix: concat(HEADER, SIZED_SIBLING, Uint8Array.of(32)), suffix: SIZED_SIBLING })
    expectIavlInner({ prefix: concat(HEADER, Uint8Array.of(32)), suffix: EMPTY })
    expectIavlInner({ prefix: HEADER, suffix: EMPTY })
  })

  it('case 09: a suffix or prefix of an odd length', () => {
    for (const length of [1, 31, 33, 64]) {
      expectSimpleInner({ prefix: Uint8Array.of(1), suffix: new Uint8Array(length) })
      expectSimpleInner({ prefix: concat(Uint8Array.of(1), new Uint8Array(length)), suffix: EMPTY })
    }
    for (const length of [31, 33, 65]) {
      const odd = concat(Uint8Array.of(32), new Uint8Array(length))
      expectIavlInner({ prefix: concat(HEADER, Uint8Array.of(32)), suffix: odd })
      expectIavlInner({ prefix: concat(HEADER, odd, Uint8Array.of(32)), suffix: EMPTY })
    }
    expectIavlInner({ prefix: concat(HEADER, SIZED_SIBLING, Uint8Array.of(32, 32)), suffix: EMPTY })
    expectIavlInner({ prefix: concat(HEADER, Uint8Array.of(32, 32)), suffix: SIZED_SIBLING })
    expectIavlInner({ prefix: concat(HEADER, SIZED_SIBLING), suffix: EMPTY })
  })

  it('case 10: a length byte other than 20', () => {
    const sized33 = concat(Uint8Array.of(33), SIBLING)
    expectIavlInner({ prefix: concat(HEADER, Uint8Array.of(33)), suffix: SIZED_SIBLING })
    expectIavlInner({ prefix: concat(HEADER, Uint8Array.of(32)), suffix: sized33 })
    expectIavlInner({ prefix: concat(HEADER, sized33, Uint8Array.of(32)), suffix: EMPTY })
    expectIavlInner({ prefix: concat(HEADER, SIZED_SIBLING, Uint8Array.of(33)), suffix: EMPTY })
  })

  it('case 11: a height or size that does not grow, or a version that falls', () => {
    expectOrder([
      [1, 2, 500],
      [1, 3, 500],
    ])
    expectOrder([
      [1, 2, 500],
      [2, 2, 500],
    ])
    expectOrder([
      [1, 2, 500],
      [2, 3, 499],
    ])
    expectOrder([[0, 2, 500]])
    expectOrder([[1, 1, 500]])
    expectOrder([[1, 2, 0]])
  })

  it('case 12: a child from the middle of the preimage', () => {
    expectSimpleInner({ prefix: concat(Uint8Array.of(1), SIBLING.subarray(16)), suffix: SIBLING.subarray(16) })
    expectIavlInner({
      prefix: concat(HEADER, Uint8Array.of(32), SIBLING.subarray(16)),
      suffix: concat(SIBLING.subarray(16), SIZED_SIBLING),
    })
  })

  it('case 13: more inner nodes than the limit, 64 in an IAVL tree and 32 in a simple one', () => {
    verifyOwnClaim(deepIavl(64), 'iavl')
    expectRefusal(() => verifyOwnClaim(deepIavl(65), 'iavl'), 'proof-too-deep')
    verifyOwnClaim(deepSimple(32), 'simple')
    expectRefusal(() => verifyOwnClaim(deepSimple(33), 'simple'), 'proof-too-deep')
  })

  it('refuses an inner node without a full header', () => {
    for (const prefix of [EMPTY, Uint8Array.of(2), Uint8Array.of(2, 4), Uint8Array.of(2, 4, 0x80)]) {
      expectIavlInner({ prefix, suffix: SIZED_SIBLING })
    }
    expectIavlInner({ prefix: concat(header(1, 2, -1), Uint8Array.of(32)), suffix: SIZED_SIBLING })
  })

  const HEADER = header(1, 2, 500)

  function expectSimpleInner(op: Omit<InnerOp, 'hash'>): void {
    const proof = { ...SIMPLE, path: [{ hash: 1, ...op }] }
    expectRefusal(() => verifyOwnClaim(proof, 'simple'), 'inner-prefix-wrong')
  }

  function expectIavlInner(op: Omit<InnerOp, 'hash'>): void {
    const proof = { ...IAVL, path: [{ hash: 1, ...op }] }
    expectRefusal(() => verifyOwnClaim(proof, 'iavl'), 'inner-prefix-wrong')
  }

  function expectOrder(headers: readonly (readonly [number, number, number])[]): void {
    const path = headers.map(([height, size, version]) => leftOp(header(height, size, version)))
    expectRefusal(() => verifyOwnClaim({ ...IAVL, path }, 'iavl'), 'inner-order-wrong')
  }
})

describe('ops', () => {
  it('case 14: another hash or length op, or none', () => {
    for (const spec of ['iavl', 'simple'] as const) {
      const honest = TREES[spec].prove(KEY)
      for (const other of [0, 2, 3, 6]) {
        expectRefusal(() => verifyOwnClaim(withLeaf(honest, { hash: other }), spec), 'leaf-op-wrong')
        expectRefusal(() => verifyOwnClaim(withInner(honest, 1, { hash: other }), spec), 'inner-op-wrong')
        expectRefusal(() => verifyOwnClaim(withLeaf(honest, { prehashValue: other }), spec), 'leaf-op-wrong')
        expectRefusal(() => verifyOwnClaim(withLeaf(honest, { length: other }), spec), 'leaf-op-wrong')
      }
      expectRefusal(() => verifyOwnClaim(withLeaf(honest, { prehashKey: 1 }), spec), 'leaf-op-wrong')
    }
  })

  it('refuses a proof without a leaf op', () => {
    const message = concat(bytesField(1, KEY), bytesField(2, VALUE))
    expectRefusal(() => verifyBytes(bytesField(1, message)), 'leaf-op-wrong')
  })
})

describe('kind', () => {
  it('case 15: a batch or compressed proof, alone or beside a good one', () => {
    const entry = bytesField(1, encodeExistence(IAVL))
    for (const arm of [3, 4]) {
      expectRefusal(() => verifyBytes(bytesField(arm, entry)), 'proof-kind-wrong')
      expectRefusal(() => verifyBytes(concat(encodeExistence(IAVL), bytesField(arm, entry))), 'proof-kind-wrong')
      expectRefusal(() => verifyBytes(concat(encodeExistence(IAVL), bytesField(arm, EMPTY))), 'proof-kind-wrong')
    }
  })

  it('case 16: existence and absence together', () => {
    const absence = encodeNonExistence(TREES.iavl.proveAbsence(utf8('key-k')))
    expectRefusal(() => verifyBytes(concat(encodeExistence(IAVL), absence)), 'proof-kind-wrong')
    expectRefusal(() => verifyBytes(concat(encodeExistence(IAVL), bytesField(2, EMPTY))), 'proof-kind-wrong')
  })
})

describe('encoding', () => {
  const good = existenceMessage(IAVL)
  const absence = TREES.iavl.proveAbsence(utf8('key-k'))

  it('case 17: unknown fields, at every level', () => {
    const unknown = varintField(9, 1)
    expectMalformed(concat(encodeExistence(IAVL), unknown))
    expectMalformed(bytesField(1, concat(good, unknown)))
    expectMalformed(withLeafBytes(concat(leafMessage(IAVL.leaf), unknown)))
    expectMalformed(withPathBytes(concat(innerMessage(IAVL.path[0] as InnerOp), unknown)))
    expectMalformed(concat(varint(0), varint(1), encodeExistence(IAVL)))
  })

  it('case 17: repeated fields, at every level', () => {
    expectMalformed(concat(encodeExistence(IAVL), encodeExistence(IAVL)))
    expectMalformed(bytesField(1, concat(good, bytesField(1, KEY))))
    expectMalformed(bytesField(1, concat(good, bytesField(2, VALUE))))
    expectMalformed(bytesField(1, concat(good, bytesField(3, leafMessage(IAVL.leaf)))))
    expectMalformed(withLeafBytes(concat(leafMessage(IAVL.leaf), varintField(1, 1))))
    expectMalformed(withPathBytes(concat(innerMessage(IAVL.path[0] as InnerOp), varintField(1, 1))))
    const right = bytesField(3, existenceMessage(absence.right as ExistenceProof))
    const twice = bytesField(2, concat(nonExistenceMessage(absence), right))
    expectRefusal(() => verifyBytes(twice), 'proof-kind-wrong')
  })

  it('case 17: wrong wire types, groups, and padded, truncated or over-long varints', () => {
    expectMalformed(concat(varint(8), varint(1)))
    expectMalformed(concat(Uint8Array.of(0x0d), new Uint8Array(4)))
    expectMalformed(concat(Uint8Array.of(0x09), new Uint8Array(8)))
    expectMalformed(withLeafBytes(concat(bytesField(1, Uint8Array.of(1)))))
    expectMalformed(new Uint8Array(100_000).fill(0x0b))
    expectMalformed(concat(Uint8Array.of(0x8a, 0x00), varint(good.length), good))
    expectMalformed(
      concat(Uint8Array.of(0x0a), Uint8Array.of((good.length & 127) | 128, (good.length >> 7) | 128, 0), good),
    )
    expectMalformed(withLeafBytes(concat(Uint8Array.of(8, 0x81, 0), leafMessage(IAVL.leaf).subarray(2))))
    expectMalformed(Uint8Array.of(0x0a))
    expectMalformed(Uint8Array.of(0x8a))
    expectMalformed(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))
  })

  it('case 17: trailing and missing bytes', () => {
    expectMalformed(concat(encodeExistence(IAVL), Uint8Array.of(0)))
    expectMalformed(concat(encodeExistence(IAVL), Uint8Array.of(0x0a)))
    expectMalformed(encodeExistence(IAVL).subarray(0, -1))
    expectMalformed(concat(Uint8Array.of(0x0a), varint(2 ** 48)))
  })

  it('case 18: an empty key or value', () => {
    expectRefusal(() => verifyOwnClaim({ ...IAVL, key: EMPTY, path: [] }, 'iavl'), 'key-empty')
    expectRefusal(() => verifyOwnClaim({ ...IAVL, value: EMPTY, path: [] }, 'iavl'), 'value-empty')
    const first = TREES.iavl.prove(TREES.iavl.entries[0]?.key ?? KEY)
    expectRefusal(
      () => verifyOwnAbsence({ key: EMPTY, left: undefined, right: first }, TREES.iavl, 'iavl'),
      'key-empty',
    )
    for (const entry of [
      { key: EMPTY, value: VALUE },
      { key: utf8('a'), value: EMPTY },
    ]) {
      const tree: Tree = createIavlTree([entry])
      const proof = { key: utf8('b'), left: tree.prove(entry.key), right: undefined }
      const code = entry.key.length === 0 ? 'key-empty' : 'value-empty'
      expectRefusal(() => verifyOwnAbsence(proof, tree, 'iavl'), code)
    }
  })

  it('case 19: one byte more than 1 MiB', () => {
    const value = new Uint8Array(1024 * 1024 - 45).fill(1)
    const proof = { key: Uint8Array.of(1), value, leaf: { ...LEAF_OP, prefix: header(0, 1, 1) }, path: [] }
    const overhead = encodeExistence(proof).length - value.length
    const fitting = { ...proof, value: new Uint8Array(1024 * 1024 - overhead).fill(1) }
    expect(encodeExistence(fitting)).toHaveLength(1024 * 1024)
    verifyOwnClaim(fitting, 'iavl')
    const larger = { ...proof, value: new Uint8Array(1024 * 1024 - overhead + 1).fill(1) }
    expectRefusal(() => verifyOwnClaim(larger, 'iavl'), 'proof-too-large')
  })

  function withLeafBytes(leaf: Uint8Array): Uint8Array {
    const ops = IAVL.path.map((op) => bytesField(4, innerMessage(op)))
    return bytesField(1, concat(bytesField(1, KEY), bytesField(2, VALUE), bytesField(3, leaf), ...ops))
  }

  function withPathBytes(first: Uint8Array): Uint8Array {
    const ops = IAVL.path.map((op, i) => bytesField(4, i === 0 ? first : innerMessage(op)))
    const leaf = bytesField(3, leafMessage(IAVL.leaf))
    return bytesField(1, concat(bytesField(1, KEY), bytesField(2, VALUE), leaf, ...ops))
  }

  function expectMalformed(proof: Uint8Array): void {
    expectRefusal(() => verifyBytes(proof), 'proof-malformed')
  }
})

function verifyBytes(proof: Uint8Array): void {
  verifyMembership({ proof, root: TREES.iavl.root, key: KEY, value: VALUE, spec: 'iavl' })
}

function header(height: number, size: number, version: number): Uint8Array {
  return concat(zigzag(height), zigzag(size), zigzag(version))
}

function leftOp(head: Uint8Array): InnerOp {
  return { hash: 1, prefix: concat(head, Uint8Array.of(32)), suffix: SIZED_SIBLING }
}

function deepIavl(depth: number): ExistenceProof {
  return { ...IAVL, path: Array.from({ length: depth }, (_, i) => leftOp(header(i + 1, i + 2, 500))) }
}

function deepSimple(depth: number): ExistenceProof {
  return {
    ...SIMPLE,
    path: Array.from({ length: depth }, () => ({ hash: 1, prefix: Uint8Array.of(1), suffix: SIBLING })),
  }
}
