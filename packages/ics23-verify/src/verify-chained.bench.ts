import * as confio from '@confio/ics23'
import { bench, describe } from 'vitest'
import { createRandom, utf8 } from './fixtures/bytes.ts'
import { createState } from './fixtures/state.ts'
import type { Entry } from './fixtures/tree.ts'
import { verifyChained } from './verify-chained.ts'

// As deep as a mainnet's: 19 nodes in the store, 5 in the multistore.
const DEPTHS = { store: 2 ** 19, stores: 2 ** 5 }

describe('membership, 19 + 5 nodes deep', () => {
  const random = createRandom(1)
  const records: Entry[] = Array.from({ length: DEPTHS.store }, (_, i) => ({
    key: utf8(`record/${i.toString().padStart(8, '0')}`),
    value: utf8(`value ${i}`),
    version: 1 + Math.floor(random() * 3_000_000),
  }))
  const others = Array.from({ length: DEPTHS.stores - 1 }, (_, i) => [`store${i}`, records.slice(0, 1)] as const)
  const state = createState({ inference: records, ...Object.fromEntries(others) })
  const { key, value } = records[123_456] as Entry
  const ops = state.prove('inference', key)
  const claim = { ops, appHash: state.appHash, store: 'inference', key, value }
  const storeRoot = state.tree('inference').root

  bench('@gonka/ics23-verify', () => verifyChained(claim))

  bench('@confio/ics23', () => {
    const [iavl, simple] = ops.map(({ data }) => confio.ics23.CommitmentProof.decode(data))
    const isIn =
      iavl !== undefined &&
      simple !== undefined &&
      confio.verifyMembership(iavl, confio.iavlSpec, storeRoot, key, value) &&
      confio.verifyMembership(simple, confio.tendermintSpec, state.appHash, utf8('inference'), storeRoot)
    if (!isIn) throw new Error('The honest proof was refused.')
  })
})
