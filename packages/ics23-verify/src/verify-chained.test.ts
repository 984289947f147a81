import { describe, expect, it } from 'vitest'
import { epochKey } from './fixtures/bytes.ts'
import { EPOCH_BUNDLE } from './fixtures/epoch-bundle.ts'
import { verifyChained } from './verify-chained.ts'
import { verifyMembership } from './verify-membership.ts'

const { ops, appHash, storeRoot, value } = EPOCH_BUNDLE

describe('an epoch bundle made by other code', () => {
  it('is accepted from the key to the app hash', () => {
    expect(verifyChained({ ops, appHash, store: 'inference', key: epochKey(7), value })).toBeUndefined()
  })

  it('is accepted step by step', () => {
    verifyMembership({ proof: ops[0].data, root: storeRoot, key: epochKey(7), value, spec: 'iavl' })
    const store = new TextEncoder().encode('inference')
    verifyMembership({ proof: ops[1].data, root: appHash, key: store, value: storeRoot, spec: 'simple' })
  })
})
