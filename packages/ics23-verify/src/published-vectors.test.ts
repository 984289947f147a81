import { describe, expect, it } from 'vitest'
import { fromHex, utf8 } from './fixtures/bytes.ts'
import { hasPublishedVectors, listVectors, readVector } from './fixtures/published-vectors.ts'
import type { TreeSpec } from './types.ts'
import { verifyChained } from './verify-chained.ts'
import { verifyChainedAbsence } from './verify-chained-absence.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

interface OfficialVector {
  readonly root: string
  readonly proof: string
  readonly key: string
  readonly value: string
}

interface ChainVector {
  readonly signed_header: { readonly header: { readonly app_hash: string; readonly height: string } }
  readonly items: readonly {
    readonly store: string
    readonly key: string
    readonly value_hex: string
    readonly proofs: readonly [string, string]
    readonly proof_height: string
  }[]
}

interface EurekaVector {
  readonly consensus_state_hex: string
  readonly membership_msg: {
    readonly path: readonly [string, string]
    readonly proof: string
    readonly value?: string
  }
}

describe.runIf(hasPublishedVectors)('published vectors', () => {
  const POSITIONS = ['left', 'middle', 'right']

  it.each(['iavl', 'tendermint'].flatMap((folder) => POSITIONS.map((position) => [folder, position])))(
    'accepts the official %s membership and absence, %s',
    (folder, position) => {
      const spec: TreeSpec = folder === 'iavl' ? 'iavl' : 'simple'
      const exist = readVector<OfficialVector>(`ics23/testdata/${folder}/exist_${position}.json`)
      verifyMembership({ ...decode(exist), value: fromHex(exist.value), spec })
      const nonexist = readVector<OfficialVector>(`ics23/testdata/${folder}/nonexist_${position}.json`)
      expect(nonexist.value).toBe('')
      verifyNonMembership({ ...decode(nonexist), spec })
    },
  )

  it('accepts what real chains proved, from the key to the app hash of the header', () => {
    let verified = 0
    for (const file of listVectors('lightclient/mainnet/')) {
      const { signed_header, items } = readVector<ChainVector>(`lightclient/mainnet/${file}`)
      const { header } = signed_header
      for (const { store, key, value_hex, proofs, proof_height } of items) {
        if (proof_height !== header.height) continue
        const claim = { appHash: fromHex(header.app_hash), store, key: utf8(key) }
        const ops = [
          { type: 'ics23:iavl', key: utf8(key), data: fromHex(proofs[0]) },
          { type: 'ics23:simple', key: utf8(store), data: fromHex(proofs[1]) },
        ]
        if (value_hex === '') verifyChainedAbsence({ ...claim, ops })
        else verifyChained({ ...claim, ops, value: fromHex(value_hex) })
        verified++
      }
    }
    expect(verified).toBeGreaterThanOrEqual(4)
  })

  it.each(['verify_membership_key_0', 'verify_non-membership_key_1'])(
    'accepts what an SDK 0.50 chain proved: %s',
    (name) => {
      const { consensus_state_hex, membership_msg } = readVector<EurekaVector>(
        `lightclient/solidity-ibc-eureka/${name}.json`,
      )
      const [store, path] = membership_msg.path
      const [iavl, simple] = readMerkleProof(fromHex(membership_msg.proof))
      const claim = {
        appHash: fromHex(/12220a20([0-9a-f]{64})/.exec(consensus_state_hex)?.[1] ?? ''),
        store,
        key: utf8(path),
        ops: [
          { type: 'ics23:iavl', key: utf8(path), data: iavl },
          { type: 'ics23:simple', key: utf8(store), data: simple },
        ],
      }
      if (!membership_msg.value) verifyChainedAbsence(claim)
      else verifyChained({ ...claim, value: fromHex(membership_msg.value) })
    },
  )
})

/** An IBC `MerkleProof`: the two proofs, each as field 1 with a length of two bytes. */
function readMerkleProof(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const end = 3 + (((bytes[1] ?? 0) & 0x7f) | ((bytes[2] ?? 0) << 7))
  return [bytes.subarray(3, end), bytes.subarray(end + 3)]
}

function decode({ root, proof, key }: OfficialVector): { root: Uint8Array; proof: Uint8Array; key: Uint8Array } {
  return { root: fromHex(root), proof: fromHex(proof), key: fromHex(key) }
}
