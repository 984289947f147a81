import { describe, expect, it } from 'vitest'
import { epochKey, utf8 } from './fixtures/bytes.ts'
import { encodeExistence } from './fixtures/encode-proof.ts'
import { expectRefusal } from './fixtures/expect-refusal.ts'
import { FORGERIES, type Forgery, hideKey, swallowKeyHead } from './fixtures/forgeries.ts'
import { isAcceptedByConfio } from './fixtures/second-opinion.ts'
import { createState } from './fixtures/state.ts'
import { verifyChained } from './verify-chained.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

describe.each(FORGERIES)('forgery $name', (forgery) => {
  it(`is refused with ${forgery.code}`, () => {
    expectRefusal(() => verify(forgery), forgery.code)
  })

  it('is accepted by @confio/ics23, so it is a good one', () => {
    expect(isAcceptedByConfio(forgery)).toBe(true)
  })
})

it('refuses participants of a future epoch that hide in the key of another record of the chain', () => {
  const value = utf8('participants of the attacker')
  const batch = { key: hideKey(utf8('\x02batch-'), epochKey(9)), value }
  const state = createState({ bank: [batch], inference: [batch, { key: epochKey(8), value: utf8('honest') }] })
  const proof = swallowKeyHead(state.tree('inference'), batch.key, epochKey(9))
  const [, storeOp] = state.prove('inference', batch.key)
  const ops = [{ type: 'ics23:iavl', key: epochKey(9), data: encodeExistence(proof) }, storeOp]
  const claim = { ops, appHash: state.appHash, store: 'inference', key: epochKey(9), value }
  expectRefusal(() => verifyChained(claim), 'leaf-prefix-wrong')
})

function verify({ value, ...claim }: Forgery): void {
  if (value === undefined) verifyNonMembership(claim)
  else verifyMembership({ ...claim, value })
}
