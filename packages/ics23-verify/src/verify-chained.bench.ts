import * as confio from '@confio/ics23'
import { bench, describe } from 'vitest'
import { concat, sha256, utf8, zigzag } from './fixtures/bytes.ts'
import { encodeExistence, LEAF_OP, naiveRoot } from './fixtures/encode-proof.ts'
import type { ExistenceProof } from './proof.ts'
import { verifyChained } from './verify-chained.ts'

// As deep as on a large mainnet.
const STORE_DEPTH = 19
const MULTISTORE_DEPTH = 5

describe('membership, 19 + 5 nodes deep', () => {
  const [key, store] = [utf8('some/key/of/the/store'), utf8('inference')]
  const iavl = deepIavlProof(key)
  const simple = deepSimpleProof(store, naiveRoot(iavl))
  const ops = [
    { type: 'ics23:iavl', key, data: encodeExistence(iavl) },
    { type: 'ics23:simple', key: store, data: encodeExistence(simple) },
  ]
  const claim = { ops, appHash: naiveRoot(simple), store: 'inference', key, value: iavl.value }

  bench('@gonka/ics23-verify', () => verifyChained(claim))

  bench('@confio/ics23', () => {
    const [first, second] = ops.map(({ data }) => confio.ics23.CommitmentProof.decode(data))
    const isIn =
      first !== undefined &&
      second !== undefined &&
      confio.verifyMembership(first, confio.iavlSpec, simple.value, key, iavl.value) &&
      confio.verifyMembership(second, confio.tendermintSpec, claim.appHash, store, simple.value)
    if (!isIn) throw new Error('The honest proof was refused.')
  })
})

function deepIavlProof(key: Uint8Array): ExistenceProof {
  const length = Uint8Array.of(32)
  const path = Array.from({ length: STORE_DEPTH }, (_, i) => {
    const head = concat(zigzag(i + 1), zigzag(2 ** (i + 1)), zigzag(3_000_000 + i), length)
    const sibling = sha256(utf8(`sibling ${i}`))
    return i % 2 === 0
      ? { hash: 1, prefix: head, suffix: concat(length, sibling) }
      : { hash: 1, prefix: concat(head, sibling, length), suffix: new Uint8Array() }
  })
  const prefix = concat(zigzag(0), zigzag(1), zigzag(2_999_999))
  return { key, value: utf8('some value'), leaf: { ...LEAF_OP, prefix }, path }
}

function deepSimpleProof(key: Uint8Array, value: Uint8Array): ExistenceProof {
  const path = Array.from({ length: MULTISTORE_DEPTH }, (_, i) => {
    return { hash: 1, prefix: concat(Uint8Array.of(1), sha256(utf8(`store ${i}`))), suffix: new Uint8Array() }
  })
  return { key, value, leaf: { ...LEAF_OP, prefix: Uint8Array.of(0) }, path }
}
