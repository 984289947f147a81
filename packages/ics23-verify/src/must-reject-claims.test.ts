import type { ProofErrorCode } from '@gonka/protocol'
import { describe, expect, it } from 'vitest'
import { concat, epochKey, utf8 } from './fixtures/bytes.ts'
import { encodeExistence, encodeNonExistence } from './fixtures/encode-proof.ts'
import { expectRefusal } from './fixtures/expect-refusal.ts'
import { EARLIER_STATE, KEY, STATE, TREES, VALUE } from './fixtures/scene.ts'
import { createSimpleTree } from './fixtures/tree.ts'
import type { ProofOp } from './types.ts'
import { type ChainedOptions, verifyChained } from './verify-chained.ts'
import { verifyChainedAbsence } from './verify-chained-absence.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

const HONEST: ChainedOptions = {
  ops: STATE.prove('inference', epochKey(7)),
  appHash: STATE.appHash,
  store: 'inference',
  key: epochKey(7),
  value: utf8('participants of epoch 7'),
}
const [IAVL_OP, SIMPLE_OP] = HONEST.ops as [ProofOp, ProofOp]
const MEMBERSHIP = {
  proof: encodeExistence(TREES.iavl.prove(KEY)),
  root: TREES.iavl.root,
  key: KEY,
  value: VALUE,
  spec: 'iavl',
} as const

it('starts from claims that are accepted', () => {
  verifyMembership(MEMBERSHIP)
  verifyChained(HONEST)
  const missing = epochKey(9)
  const ops = STATE.proveAbsence('inference', missing)
  expect(() => verifyChainedAbsence({ ...HONEST, ops, key: missing })).not.toThrow()
})

describe('key and value', () => {
  it('case 20: the right proof for another value', () => {
    for (const value of [utf8('value of m'), utf8('value of'), concat(VALUE, Uint8Array.of(0)), new Uint8Array()]) {
      expectRefusal(() => verifyMembership({ ...MEMBERSHIP, value }), 'value-mismatch')
    }
    expectRefusal(() => verifyChained({ ...HONEST, value: utf8('participants of epoch 8') }), 'value-mismatch')
  })

  it('case 21: the right proof for another key', () => {
    const other = utf8('key-n')
    expectRefusal(() => verifyMembership({ ...MEMBERSHIP, key: other, value: utf8('value of n') }), 'key-mismatch')
    expectRefusal(() => verifyMembership({ ...MEMBERSHIP, key: other }), 'key-mismatch')
  })

  it('case 22: a key that is a prefix or an extension of the asked key', () => {
    for (const key of [KEY.subarray(0, -1), concat(KEY, Uint8Array.of(0)), concat(Uint8Array.of(0), KEY)]) {
      expectRefusal(() => verifyMembership({ ...MEMBERSHIP, key }), 'key-mismatch')
    }
    expectRefusal(() => verifyMembership({ ...MEMBERSHIP, key: new Uint8Array() }), 'key-mismatch')
  })

  it('case 23: another epoch in the key', () => {
    const ops = STATE.prove('inference', epochKey(6))
    const value = utf8('participants of epoch 6')
    expectRefusal(() => verifyChained({ ...HONEST, ops, value }), 'op-key-mismatch')
    const relabelled = [{ ...ops[0], key: epochKey(7) }, ops[1]]
    expectRefusal(() => verifyChained({ ...HONEST, ops: relabelled, value }), 'key-mismatch')
  })

  it('names the roots when a proof leads elsewhere', () => {
    const root = TREES.simple.root
    const error = expectRefusal(() => verifyMembership({ ...MEMBERSHIP, root }), 'root-mismatch')
    expect(error.expectedHash).toEqual(root)
    expect(error.computedHash).toEqual(TREES.iavl.root)
    expect(error.proofType).toBe('ics23:iavl')
    expect(error.name).toBe('GonkaProofVerificationError')
  })
})

describe('ops', () => {
  it('case 24: the key beside the proof changed, or the key in the proof', () => {
    const decorated = [{ ...IAVL_OP, key: epochKey(8) }, SIMPLE_OP]
    expectRefusal(() => verifyChained({ ...HONEST, ops: decorated }), 'op-key-mismatch')
    const exchanged = [{ ...IAVL_OP, data: STATE.prove('inference', epochKey(8))[0].data }, SIMPLE_OP]
    expectRefusal(() => verifyChained({ ...HONEST, ops: exchanged }), 'key-mismatch')
    const absence = STATE.proveAbsence('inference', epochKey(9))
    const ops = [{ ...absence[0], key: epochKey(10) }, absence[1]]
    expectRefusal(() => verifyChainedAbsence({ ...HONEST, ops, key: epochKey(9) }), 'op-key-mismatch')
    expectRefusal(() => verifyChainedAbsence({ ...HONEST, ops, key: epochKey(10) }), 'key-mismatch')
  })

  it('case 25: ops swapped, missing, too many, or one of them twice', () => {
    expectOps([SIMPLE_OP, IAVL_OP], 'ops-type-wrong')
    expectOps([IAVL_OP, IAVL_OP], 'ops-type-wrong')
    expectOps([SIMPLE_OP, SIMPLE_OP], 'ops-type-wrong')
    expectOps([IAVL_OP], 'ops-count-wrong')
    expectOps([SIMPLE_OP], 'ops-count-wrong')
    expectOps([IAVL_OP, SIMPLE_OP, SIMPLE_OP], 'ops-count-wrong')
    expectOps([], 'ops-count-wrong')
  })

  it('case 26: other op types', () => {
    for (const type of ['ics23:smt', 'ics23:IAVL', 'iavl:v', '', 'ics23:iavl ']) {
      expectOps([{ ...IAVL_OP, type }, SIMPLE_OP], 'ops-type-wrong')
      expectOps([IAVL_OP, { ...SIMPLE_OP, type }], 'ops-type-wrong')
    }
  })

  it('case 27: another name of the store, or another store with the same data', () => {
    for (const store of ['Inference', 'inference\0', 'inferenc', '', 'decoy', 'bank']) {
      expectRefusal(() => verifyChained({ ...HONEST, store }), 'op-key-mismatch')
      const relabelled = [IAVL_OP, { ...SIMPLE_OP, key: utf8(store) }]
      expectRefusal(() => verifyChained({ ...HONEST, store, ops: relabelled }), 'key-mismatch')
    }
    const decoy = STATE.prove('decoy', epochKey(7))
    expect(decoy[0].data).toEqual(IAVL_OP.data)
    expectOps(decoy, 'op-key-mismatch')
    expectOps([IAVL_OP, { ...decoy[1], key: utf8('inference') }], 'key-mismatch')
  })

  it('case 28: a store root of another length than 32 bytes', () => {
    const root = STATE.tree('inference').root
    for (const value of [root.subarray(1), concat(root, Uint8Array.of(0)), Uint8Array.of(1)]) {
      const multistore = createSimpleTree([{ key: utf8('inference'), value }])
      const data = encodeExistence(multistore.prove(utf8('inference')))
      const claim = { ...HONEST, ops: [IAVL_OP, { ...SIMPLE_OP, data }], appHash: multistore.root }
      expectRefusal(() => verifyChained(claim), 'store-root-wrong')
    }
  })

  it('case 29: the app hash of another header', () => {
    const { appHash } = EARLIER_STATE
    const error = expectRefusal(() => verifyChained({ ...HONEST, appHash }), 'root-mismatch')
    expect(error.proofType).toBe('ics23:simple')
    expect(error.expectedHash).toEqual(appHash)
    expect(error.computedHash).toEqual(STATE.appHash)
    const missing = epochKey(8)
    const absence = { ...HONEST, ops: EARLIER_STATE.proveAbsence('inference', missing), key: missing }
    verifyChainedAbsence({ ...absence, appHash })
    expectRefusal(() => verifyChainedAbsence(absence), 'root-mismatch')
  })

  it('refuses a proof of the right key under the root of another store', () => {
    const earlier = EARLIER_STATE.prove('inference', epochKey(7))[0]
    const error = expectRefusal(() => verifyChained({ ...HONEST, ops: [earlier, SIMPLE_OP] }), 'root-mismatch')
    expect(error.proofType).toBe('ics23:iavl')
    expect(error.expectedHash).toEqual(STATE.tree('inference').root)
  })

  function expectOps(ops: readonly ProofOp[], code: ProofErrorCode): void {
    expectRefusal(() => verifyChained({ ...HONEST, ops }), code)
    expectRefusal(() => verifyChainedAbsence({ ...HONEST, ops }), code)
  }
})

describe('existence and absence', () => {
  const missing = utf8('key-m')
  const absence = encodeNonExistence(TREES.iavl.proveAbsence(missing))

  it('case 30: an existence proof offered as absence, and the reverse', () => {
    expectRefusal(() => verifyNonMembership(MEMBERSHIP), 'proof-kind-wrong')
    expectRefusal(() => verifyNonMembership({ ...MEMBERSHIP, key: missing }), 'proof-kind-wrong')
    expectRefusal(() => verifyMembership({ ...MEMBERSHIP, proof: absence, key: missing }), 'proof-kind-wrong')
    expectRefusal(() => verifyChainedAbsence(HONEST), 'proof-kind-wrong')
    const ops = STATE.proveAbsence('inference', epochKey(9))
    expectRefusal(() => verifyChained({ ...HONEST, ops, key: epochKey(9) }), 'proof-kind-wrong')
  })

  it('case 30: a proof that the store is absent', () => {
    const store = 'missing'
    const data = encodeNonExistence(STATE.multistore.proveAbsence(utf8(store)))
    const ops = [IAVL_OP, { type: 'ics23:simple', key: utf8(store), data }]
    expectRefusal(() => verifyChainedAbsence({ ...HONEST, store, ops }), 'proof-kind-wrong')
  })

  it('case 31: a missing proof offered as absence', () => {
    const claim = { ...HONEST, key: epochKey(9) }
    expectRefusal(() => verifyChainedAbsence({ ...claim, ops: [] }), 'ops-count-wrong')
    const [iavl, simple] = STATE.proveAbsence('inference', epochKey(9))
    const empty = { ...iavl, data: new Uint8Array() }
    expectRefusal(() => verifyChainedAbsence({ ...claim, ops: [empty, simple] }), 'proof-kind-wrong')
    expectRefusal(
      () => verifyNonMembership({ ...MEMBERSHIP, proof: new Uint8Array(), key: missing }),
      'proof-kind-wrong',
    )
    expectRefusal(() => verifyMembership({ ...MEMBERSHIP, proof: new Uint8Array() }), 'proof-kind-wrong')
  })
})
