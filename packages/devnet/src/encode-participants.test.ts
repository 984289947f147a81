import { decodeActiveParticipants } from '@gonka/protocol'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { callRpc, findProblems, followOp, fromBase64, parseHeader } from './fixtures/check-chain.ts'
import { send, startTestDevnet } from './fixtures/signed-request.ts'
import type { Devnet } from './index.ts'
import { recordKey } from './state/store-keys.ts'

async function fetchBundle(devnet: Devnet, { index = 0, epoch = 'current' } = {}) {
  return JSON.parse((await send(`${devnet.node(index).url}/v1/epochs/${epoch}/participants`)).text)
}

test('the bytes are proven by the app hash of the block that comes with them, and that block is signed', async () => {
  const devnet = await startTestDevnet()
  await devnet.nextEpoch({ join: 1 })
  for (const epoch of ['5', '7', 'current']) {
    const { active_participants_bytes, proof_ops, block } = await fetchBundle(devnet, { epoch })
    const record = decodeActiveParticipants(hexToBytes(active_participants_bytes))
    const [leaf, store, ...more] = proof_ops.ops
    expect(more).toEqual([])
    expect([leaf.type, store.type]).toEqual(['ics23:iavl', 'ics23:simple'])
    expect(fromBase64(leaf.key)).toEqual(recordKey(Number(record.epochId)))
    const [proven, under] = [followOp(leaf), followOp(store)]
    expect(bytesToHex(proven.value)).toBe(active_participants_bytes)
    expect([bytesToHex(under.value), new TextDecoder().decode(under.key)]).toEqual([proven.root, 'inference'])
    expect(under.root).toBe(block.header.app_hash.toLowerCase())
    expect(block.header.height).toBe(Number(record.createdAtBlockHeight) + 1)
    expect(await findProblems(devnet.node(0), block.header.height, devnet.chainId)).toEqual([])
  }
})

test('the block is the same one that the chain shows, in every dialect', async () => {
  const devnet = await startTestDevnet({ dialect: 'mixed', participants: 3, blockTimeMs: 0 })
  const { height } = devnet.trustAnchor()
  const { block: known } = await callRpc(devnet.node(0), `block?height=${height}`)
  const [mixed, strings, numbers] = await Promise.all([0, 1, 2].map((index) => fetchBundle(devnet, { index })))
  expect(parseHeader(numbers.block.header)).toEqual(parseHeader(known.header))
  expect(numbers.block.header.version).toEqual({ block: 11 })
  expect(numbers.block.last_commit).toEqual({ ...known.last_commit, height: height - 1 })
  expect(mixed.block).toEqual(strings.block)
  const { header, last_commit } = strings.block
  expect(header.height).toBe(String(height))
  expect(bytesToHex(fromBase64(header.app_hash)).toUpperCase()).toBe(known.header.app_hash)
  expect(header.proposer_address).toMatch(/^gonkavalcons1[a-z0-9]{38}$/)
  expect(header.last_block_id.part_set_header.total).toBe(1)
  expect(last_commit.signatures[0]).toMatchObject({
    block_id_flag: 'BLOCK_ID_FLAG_COMMIT',
    signature: known.last_commit.signatures[0].signature,
  })
})

test('the validators are the set at the height of the record: of the epoch before', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  await devnet.nextEpoch({ reweight: { 0: 500 } })
  const powers = async () => {
    const { validators } = await fetchBundle(devnet)
    return validators.map(({ voting_power }: { voting_power: number }) => voting_power)
  }
  expect(await powers()).not.toContain(500)
  await devnet.nextEpoch()
  expect(await powers()).toContain(500)
})
