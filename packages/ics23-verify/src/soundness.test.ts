import { describe, expect, it } from 'vitest'
import { compare, utf8 } from './fixtures/bytes.ts'
import { encodeExistence, encodeNonExistence } from './fixtures/encode-proof.ts'
import { refusalOf } from './fixtures/expect-refusal.ts'
import { TREES } from './fixtures/scene.ts'
import { createIavlTree, createSimpleTree } from './fixtures/tree.ts'
import type { TreeSpec } from './types.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

const CREATE = { iavl: createIavlTree, simple: createSimpleTree }
const SIZES = [1, 2, 3, 5, 7]

describe.each(['iavl', 'simple'] as const)('every claim about small %s trees', (spec) => {
  it.each(SIZES)(
    'absence with %i leaves: accepted exactly with the true neighbours of a key that is absent',
    (size) => {
      const tree = CREATE[spec](leaves(size))
      const choices = [undefined, ...tree.entries.map(({ key }) => tree.prove(key))]
      for (const key of candidateKeys(size)) {
        const isAbsent = !tree.entries.some((entry) => compare(entry.key, key) === 0)
        const honest = tree.proveAbsence(key)
        for (const left of choices) {
          for (const right of choices) {
            const proof = encodeNonExistence({ key, left, right })
            const isTrue = isAbsent && left === honest.left && right === honest.right
            const claim = { proof, root: tree.root, key, spec }
            expect(refusalOf(() => verifyNonMembership(claim)) === undefined).toBe(isTrue)
          }
        }
      }
    },
  )

  it.each(SIZES)('membership with %i leaves: accepted exactly for the true key, value and proof', (size) => {
    const tree = CREATE[spec](leaves(size))
    for (const proven of tree.entries) {
      for (const key of candidateKeys(size)) {
        for (const { value } of tree.entries) {
          const isTrue = compare(key, proven.key) === 0 && value === proven.value
          const claim = { proof: encodeExistence(tree.prove(proven.key)), root: tree.root, key, value, spec }
          expect(refusalOf(() => verifyMembership(claim)) === undefined).toBe(isTrue)
        }
      }
    }
  })

  it('a proof of the other kind of tree is refused under its own root', () => {
    const other: TreeSpec = spec === 'iavl' ? 'simple' : 'iavl'
    for (const { key, value } of TREES[other].entries) {
      const claim = { proof: encodeExistence(TREES[other].prove(key)), root: TREES[other].root, key, value }
      verifyMembership({ ...claim, spec: other })
      expect(refusalOf(() => verifyMembership({ ...claim, spec }))?.code).toBe('leaf-prefix-wrong')
    }
  })
})

function leaves(size: number) {
  return Array.from({ length: size }, (_, i) => ({
    key: utf8(`${2 * i + 1}`),
    value: utf8(`value ${i}`),
    version: i + 1,
  }))
}

/** Every key of the tree, and one before, between and after them. */
function candidateKeys(size: number): Uint8Array[] {
  return Array.from({ length: 2 * size + 1 }, (_, i) => utf8(`${i}`)).sort(compare)
}
