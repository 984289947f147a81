import { describe, expect, it } from 'vitest'
import { fromBase64, fromHex, utf8 } from './fixtures/bytes.ts'
import { expectOnlyThese } from './fixtures/expect-all-refused.ts'
import { refusalOf } from './fixtures/expect-refusal.ts'
import { hasPublishedVectors, readVector } from './fixtures/published-vectors.ts'
import { verifyOwnClaim } from './fixtures/scene.ts'
import { isAcceptedByConfio } from './fixtures/second-opinion.ts'
import type { ExistenceProof, LeafOp } from './proof.ts'
import type { ProofOp, TreeSpec } from './types.ts'
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

interface SpecVector {
  readonly Err: string
  readonly Proof: {
    readonly key: string
    readonly value: string
    readonly leaf?: Partial<Omit<LeafOp, 'prefix'>> & { readonly prehash_value?: number; readonly prefix: string }
    readonly path?: readonly { readonly hash: number; readonly prefix: string; readonly suffix?: string }[]
  }
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
    'accepts the official %s membership and absence, %s, and nothing near them',
    (folder, position) => {
      const spec: TreeSpec = folder === 'iavl' ? 'iavl' : 'simple'
      const exist = readVector<OfficialVector>(`ics23/testdata/${folder}/exist_${position}.json`)
      const membership = { ...decode(exist), value: fromHex(exist.value), spec }
      expectOnlyThese(membership.proof, (proof) => verifyMembership({ ...membership, proof }))
      const nonexist = readVector<OfficialVector>(`ics23/testdata/${folder}/nonexist_${position}.json`)
      expect(nonexist.value).toBe('')
      const absence = { ...decode(nonexist), spec }
      expectOnlyThese(absence.proof, (proof) => verifyNonMembership({ ...absence, proof }))
      expect(isAcceptedByConfio(membership) && isAcceptedByConfio(absence)).toBe(true)
    },
  )

  it('refuses every form of IAVL proof that the reference refuses, and those of its samples that are no tree', () => {
    // Two samples that the reference takes hold inner nodes without a sibling, which no tree has.
    const treeless = ['accepts leaf with valid inner proofs', 'allows depth limited in proper range']
    const cases = Object.entries(readVector<Record<string, SpecVector>>('ics23/testdata/TestCheckAgainstSpecData.json'))
    expect(cases).toHaveLength(11)
    for (const [name, { Err, Proof }] of cases) {
      const isAccepted = refusalOf(() => verifyOwnClaim(readSpecProof(Proof), 'iavl')) === undefined
      expect(isAccepted, `${name}: ${Err}`).toBe(Err === '' && !treeless.includes(name))
    }
  })

  it.each([
    'cosmoshub-4_6185877_nonmembership',
    'cronostestnet_338-1_17549_membership',
    'cronostestnet_338-1_8736_nonmembership',
    'crypto-org-chain-mainnet-1_3182927_membership',
  ])(
    'accepts what a real chain proved, from the key to the app hash of the header, and nothing near it: %s',
    (name) => {
      const { signed_header, items } = readVector<ChainVector>(`lightclient/mainnet/${name}.json`)
      const { header } = signed_header
      expect(items).toHaveLength(1)
      for (const { store, key, value_hex, proofs, proof_height } of items) {
        expect(proof_height).toBe(header.height)
        const claim = { appHash: fromHex(header.app_hash), store, key: utf8(key) }
        const iavl = { type: 'ics23:iavl', key: utf8(key), data: fromHex(proofs[0]) }
        const simple = { type: 'ics23:simple', key: utf8(store), data: fromHex(proofs[1]) }
        const verify = (candidates: ProofOp[]) => {
          if (value_hex === '') verifyChainedAbsence({ ...claim, ops: candidates })
          else verifyChained({ ...claim, ops: candidates, value: fromHex(value_hex) })
        }
        expectOnlyThese(iavl.data, (data) => verify([{ ...iavl, data }, simple]))
        expectOnlyThese(simple.data, (data) => verify([iavl, { ...simple, data }]))
      }
    },
  )

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

function readSpecProof({ key, value, leaf, path = [] }: SpecVector['Proof']): ExistenceProof {
  const { hash = 0, prehash_value = 0, length = 0, prefix = '' } = leaf ?? {}
  return {
    key: fromBase64(key),
    value: fromBase64(value),
    leaf: { hash, prehashKey: 0, prehashValue: prehash_value, length, prefix: fromBase64(prefix) },
    path: path.map((op) => ({
      hash: op.hash,
      prefix: fromBase64(op.prefix),
      suffix: fromBase64(op.suffix ?? ''),
    })),
  }
}

function decode({ root, proof, key }: OfficialVector): { root: Uint8Array; proof: Uint8Array; key: Uint8Array } {
  return { root: fromHex(root), proof: fromHex(proof), key: fromHex(key) }
}
