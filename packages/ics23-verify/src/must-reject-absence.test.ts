import type { ProofErrorCode } from '@gonka/protocol'
import { describe, it } from 'vitest'
import { utf8 } from './fixtures/bytes.ts'
import { encodeNonExistence } from './fixtures/encode-proof.ts'
import { expectRefusal } from './fixtures/expect-refusal.ts'
import { hideKey, swallowKeyHead } from './fixtures/forgeries.ts'
import { ENTRIES, TREES, verifyOwnAbsence } from './fixtures/scene.ts'
import { createIavlTree, createSimpleTree } from './fixtures/tree.ts'
import type { ExistenceProof, NonExistenceProof } from './proof.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

describe.each(['iavl', 'simple'] as const)('absence in the %s tree', (spec) => {
  const tree = TREES[spec]

  it('starts from proofs that are accepted', () => {
    for (const key of 'acegikmoqsuwy~') verifyOwnAbsence(tree.proveAbsence(utf8(`key-${key}`)), tree, spec)
  })

  it('case 32: neighbours that are not adjacent', () => {
    for (const between of ENTRIES.slice(1, -1)) {
      const { left } = tree.proveAbsence(between.key)
      const right = tree.proveAbsence(utf8(`${new TextDecoder().decode(between.key)}~`)).right
      expectAbsence({ key: between.key, left, right }, 'neighbours-not-adjacent')
    }
    const [first, last] = [prove('b'), prove('z')]
    expectAbsence({ key: utf8('key-k'), left: first, right: last }, 'neighbours-not-adjacent')
  })

  it('case 33: a key that is one of its neighbours', () => {
    expectAbsence({ key: utf8('key-j'), left: prove('j'), right: prove('l') }, 'key-not-between')
    expectAbsence({ key: utf8('key-l'), left: prove('j'), right: prove('l') }, 'key-not-between')
    expectAbsence({ key: utf8('key-z'), left: prove('z'), right: undefined }, 'key-not-between')
    expectAbsence({ key: utf8('key-b'), left: undefined, right: prove('b') }, 'key-not-between')
  })

  it('case 33: a key outside its neighbours', () => {
    expectAbsence({ key: utf8('key-a'), left: prove('j'), right: prove('l') }, 'key-not-between')
    expectAbsence({ key: utf8('key-m'), left: prove('j'), right: prove('l') }, 'key-not-between')
    expectAbsence({ key: utf8('key-y'), left: prove('z'), right: undefined }, 'key-not-between')
    expectAbsence({ key: utf8('key-c'), left: undefined, right: prove('b') }, 'key-not-between')
  })

  it('case 34: neighbours swapped', () => {
    expectAbsence({ key: utf8('key-k'), left: prove('l'), right: prove('j') }, 'key-not-between')
  })

  it('case 35: neighbours under different roots', () => {
    const entries = ENTRIES.map((entry) => ({ ...entry, value: utf8('other') }))
    const other = spec === 'iavl' ? createIavlTree(entries) : createSimpleTree(entries)
    const key = utf8('key-k')
    expectAbsence({ key, left: prove('j'), right: other.prove(utf8('key-l')) }, 'root-mismatch')
    expectAbsence({ key, left: other.prove(utf8('key-j')), right: prove('l') }, 'root-mismatch')
    expectAbsence(other.proveAbsence(key), 'root-mismatch')
  })

  it('case 36: a left neighbour alone that is not the last leaf, a right one that is not the first', () => {
    for (const { key } of ENTRIES.slice(0, -1)) {
      expectAbsence({ key: utf8('key-~'), left: tree.prove(key), right: undefined }, 'neighbours-not-adjacent')
    }
    for (const { key } of ENTRIES.slice(1)) {
      expectAbsence({ key: utf8('key-a'), left: undefined, right: tree.prove(key) }, 'neighbours-not-adjacent')
    }
  })

  it('case 37: one leaf as both neighbours', () => {
    for (const key of ['key-i', 'key-j', 'key-k']) {
      expectAbsence({ key: utf8(key), left: prove('j'), right: prove('j') }, 'key-not-between')
    }
  })

  it('case 38: a declared key other than the asked one', () => {
    const honest = tree.proveAbsence(utf8('key-k'))
    for (const declared of ['key-kk', 'key-', 'key-l', 'key-y', '']) {
      const proof = encodeNonExistence({ ...honest, key: utf8(declared) })
      const claim = { proof, root: tree.root, key: utf8('key-k'), spec }
      expectRefusal(() => verifyNonMembership(claim), 'key-mismatch')
    }
  })

  it('case 39: no neighbour at all', () => {
    expectAbsence({ key: utf8('key-k'), left: undefined, right: undefined }, 'neighbours-missing')
  })

  it('case 40: a leaf read anew as a neighbour', () => {
    const tail = utf8('key-c')
    const hiding = { key: hideKey(utf8('key-k/'), tail), value: utf8('any') }
    const entries = [...ENTRIES, hiding]
    const bitten = spec === 'iavl' ? createIavlTree(entries) : createSimpleTree(entries)
    const left = swallowKeyHead(bitten, hiding.key, tail)
    const proof = { key: utf8('key-d'), left, right: bitten.prove(utf8('key-l')) }
    expectRefusal(() => verifyOwnAbsence(proof, bitten, spec), 'leaf-prefix-wrong')
  })

  function prove(letter: string): ExistenceProof {
    return tree.prove(utf8(`key-${letter}`))
  }

  function expectAbsence(proof: NonExistenceProof, code: ProofErrorCode): void {
    expectRefusal(() => verifyOwnAbsence(proof, tree, spec), code)
  }
})
