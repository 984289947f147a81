import { decodeActiveParticipants } from '@gonka/protocol'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import {
  callRpc,
  checkSignedHeader,
  dataOf,
  followAbsence,
  followOp,
  fromBase64,
  parseHeader,
} from '../fixtures/check-chain.ts'
import { send, startTestDevnet } from '../fixtures/signed-request.ts'
import { type Devnet, type DevnetNode, LIES, type LieKind } from '../index.ts'
import { compareBytes } from '../state/compare-bytes.ts'
import { recordKey } from '../state/store-keys.ts'
import { ATTACKER_URL } from './attacker.ts'

/** Everything that a client who checks everything finds wrong with a node's current list. */
async function findLies(devnet: Devnet, node: DevnetNode): Promise<string[]> {
  const { status, text } = await send(`${node.url}/v1/epochs/current/participants`)
  if (status !== 200) return [`status ${status}`]
  const { active_participants, active_participants_bytes, proof_ops, block } = JSON.parse(text)
  const record = decodeActiveParticipants(hexToBytes(active_participants_bytes))
  const { participants, created_at_block_height } = active_participants
  const height = created_at_block_height + 1
  const { signed_header } = await callRpc(node, `commit?height=${height}`)
  const { validators } = await callRpc(node, `validators?height=${height}&per_page=100`)
  const [leaf, store] = proof_ops.ops.map(followOp)
  const urls = participants.map((participant: { inference_url: string }) => participant.inference_url)
  const checks = {
    json: urls.join() !== record.participants.map(({ inferenceUrl }) => inferenceUrl).join(),
    epoch: Number(record.epochId) !== devnet.epochId,
    'leaf value': bytesToHex(leaf.value) !== active_participants_bytes,
    'leaf key': compareBytes(leaf.key, recordKey(active_participants.epoch_id)) !== 0,
    'leaf prefix': leaf.leafPrefix.length > 5,
    'store root': bytesToHex(store.value) !== leaf.root,
    'store name': new TextDecoder().decode(store.key) !== 'inference',
    'app hash': store.root !== bytesToHex(parseHeader(block.header).appHash),
    block: bytesToHex(parseHeader(signed_header.header).appHash) !== store.root,
    anchor: signed_header.commit.block_id.hash !== devnet.trustAnchor(height).hash,
    names:
      compareBytes(fromBase64(proof_ops.ops[0].key), recordKey(active_participants.epoch_id)) !== 0 ||
      Buffer.from(proof_ops.ops[1].key, 'base64').toString() !== 'inference',
  }
  const problems = Object.entries(checks).flatMap(([name, isWrong]) => (isWrong ? [name] : []))
  return [...problems, ...checkSignedHeader(signed_header, validators, devnet.chainId)].sort()
}

async function startLiarNet(): Promise<Devnet> {
  const devnet = await startTestDevnet({ participants: [{ weight: 50 }, { weight: 30 }, { weight: 20 }] })
  await devnet.nextEpoch({ join: [{ weight: 10 }] })
  return devnet
}

/** What is wrong with each lie; all else about it must look right. */
const WRONG: Readonly<Record<LieKind, readonly string[]>> = {
  'wrong-epoch-key': ['epoch', 'leaf key'],
  'wrong-store': ['store name'],
  'json-differs': ['json'],
  'bytes-differ': ['leaf value'],
  'invented-validators': ['anchor'],
  'below-two-thirds': ['anchor', 'power'],
  'nil-votes': ['anchor', 'power'],
  'other-chain-id': ['anchor', 'chain id', 'power'],
  'forged-app-hash': ['header hash'],
  'truncated-validators': ['set hash', 'set size'],
  'stale-epoch': ['epoch'],
  'dragonberry-membership': ['leaf prefix'],
  'dragonberry-absence': ['status 404'],
}

test.each(LIES)('$kind: only that is wrong which must be, and nothing once the node is honest', async ({ kind }) => {
  const devnet = await startLiarNet()
  const liar = devnet.node(1)
  expect(await findLies(devnet, liar)).toEqual([])
  liar.lie(kind)
  expect(await findLies(devnet, liar)).toEqual(WRONG[kind])
  expect(await findLies(devnet, devnet.node(0))).toEqual([])
  await devnet.nextEpoch()
  expect(await findLies(devnet, liar)).toEqual(WRONG[kind])
  liar.clearLie()
  expect(await findLies(devnet, liar)).toEqual([])
})

test.each([
  'wrong-store',
  'json-differs',
  'bytes-differ',
  'invented-validators',
  'below-two-thirds',
  'nil-votes',
  'other-chain-id',
  'forged-app-hash',
  'dragonberry-membership',
] as const)('%s sends its victims to the attacker', async (kind) => {
  const devnet = await startLiarNet()
  devnet.node(0).lie(kind)
  const { text } = await send(`${devnet.url}/v1/epochs/current/participants`)
  const urls = JSON.parse(text).active_participants.participants.map((p: { inference_url: string }) => p.inference_url)
  expect(urls).toEqual([ATTACKER_URL])
})

test('the proof query tells the same lie', async () => {
  const devnet = await startLiarNet()
  const key = recordKey(devnet.epochId)
  const asked = { path: '"/store/inference/key"', data: dataOf(key), prove: 'true' }
  const call = `abci_query?${new URLSearchParams(asked)}`
  devnet.node(0).lie('dragonberry-membership')
  const { response: forged } = await callRpc(devnet.node(0), call)
  expect(decodeActiveParticipants(fromBase64(forged.value)).participants[0]?.inferenceUrl).toBe(ATTACKER_URL)
  const { response: honest } = await callRpc(devnet.node(1), call)
  expect(followOp(forged.proofOps.ops[0]).root).toBe(followOp(honest.proofOps.ops[0]).root)
  expect(forged.proofOps.ops[1]).toEqual(honest.proofOps.ops[1])
})

test('a forged absence hashes to the honest root, with neighbours on the right sides', async () => {
  const devnet = await startLiarNet()
  const key = recordKey(devnet.epochId)
  const asked = { path: '"/store/inference/key"', data: dataOf(key), prove: 'true' }
  const call = `abci_query?${new URLSearchParams(asked)}`
  devnet.node(0).lie('dragonberry-absence')
  const { response } = await callRpc(devnet.node(0), call)
  const { response: honest } = await callRpc(devnet.node(1), call)
  const { key: named, left, right } = followAbsence(response.proofOps.ops[0])
  expect([response.value, named]).toEqual([null, key])
  const { root } = followOp(honest.proofOps.ops[0])
  expect([left?.root, right?.root]).toEqual([root, root])
  expect([compareBytes(left!.key, key) < 0, compareBytes(right!.key, key) > 0]).toEqual([true, true])
})

test('nil votes are signed; a minority leaves the others out', async () => {
  const devnet = await startLiarNet()
  const { height } = devnet.trustAnchor()
  const flags = async () => {
    const { signed_header } = await callRpc(devnet.node(0), `commit?height=${height}`)
    return signed_header.commit.signatures.map((vote: { block_id_flag: number; signature: string | null }) => [
      vote.block_id_flag,
      vote.signature === null,
    ])
  }
  devnet.node(0).lie('nil-votes')
  expect(await flags()).toEqual([
    [3, false],
    [2, false],
    [2, false],
  ])
  devnet.node(0).lie('below-two-thirds')
  expect(await flags()).toEqual([
    [1, true],
    [2, false],
    [2, false],
  ])
})

test('a lie that does not exist, or has no past to lie about, is refused', async () => {
  const devnet = await startTestDevnet({ epoch: 1 })
  expect(() => devnet.node(0).lie('white' as 'nil-votes')).toThrow(TypeError)
  expect(() => devnet.node(0).lie('stale-epoch')).toThrow(RangeError)
  await devnet.nextEpoch()
  devnet.node(0).lie('stale-epoch')
  expect(await findLies(devnet, devnet.node(0))).toEqual(['epoch'])
})
