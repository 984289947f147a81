import { describe, expect, it } from 'vitest'
import { epochKey, utf8 } from './fixtures/bytes.ts'
import { flipEveryBit } from './fixtures/corrupt.ts'
import { encodeExistence, encodeNonExistence } from './fixtures/encode-proof.ts'
import { EPOCH_BUNDLE } from './fixtures/epoch-bundle.ts'
import { expectOnlyThese } from './fixtures/expect-all-refused.ts'
import { refusalOf } from './fixtures/expect-refusal.ts'
import { TREES } from './fixtures/scene.ts'
import type { ProofOp } from './types.ts'
import { verifyChained } from './verify-chained.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

describe.each(['iavl', 'simple'] as const)('made proofs of the %s tree', (spec) => {
  const { root, entries, prove, proveAbsence } = TREES[spec]

  it.each(['b', 'l', 'p', 'z'])('membership of key-%s: no corrupted proof is accepted', (letter) => {
    const key = utf8(`key-${letter}`)
    const value = entries.find((entry) => entry.key.join() === key.join())?.value ?? key
    expectOnlyThese(encodeExistence(prove(key)), (proof) => verifyMembership({ proof, root, key, value, spec }))
  })

  it.each(['a', 'k', 'o', '~'])('absence of key-%s: no corrupted proof is accepted', (letter) => {
    const key = utf8(`key-${letter}`)
    expectOnlyThese(encodeNonExistence(proveAbsence(key)), (proof) => verifyNonMembership({ proof, root, key, spec }))
  })
})

describe('the epoch bundle made by other code', () => {
  const { ops, appHash, value } = EPOCH_BUNDLE
  const [iavl, simple] = ops
  const claim = { ops, appHash, store: 'inference', key: epochKey(7), value }

  it('no corrupted data of an op is accepted', () => {
    expectOnlyThese(iavl.data, (data) => verifyChained({ ...claim, ops: [{ ...iavl, data }, simple] }))
    expectOnlyThese(simple.data, (data) => verifyChained({ ...claim, ops: [iavl, { ...simple, data }] }))
  })

  it('no flipped bit of the key, the value, the app hash or the key of an op is accepted', () => {
    const withOps = (first: Partial<ProofOp>, second: Partial<ProofOp>) => ({
      ...claim,
      ops: [
        { ...iavl, ...first },
        { ...simple, ...second },
      ],
    })
    const variants = [
      ...Array.from(flipEveryBit(claim.key), (key) => ({ ...claim, key })),
      ...Array.from(flipEveryBit(value), (flipped) => ({ ...claim, value: flipped })),
      ...Array.from(flipEveryBit(appHash), (flipped) => ({ ...claim, appHash: flipped })),
      ...Array.from(flipEveryBit(iavl.key), (key) => withOps({ key }, {})),
      ...Array.from(flipEveryBit(simple.key), (key) => withOps({}, { key })),
    ]
    expect(variants.filter((variant) => refusalOf(() => verifyChained(variant)) === undefined)).toEqual([])
  })
})
