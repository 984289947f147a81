import { secp256k1 } from '@noble/curves/secp256k1.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { send, startTestDevnet } from './fixtures/signed-request.ts'
import type { Devnet } from './index.ts'

async function get(devnet: Devnet, path: string, index = 0): Promise<readonly [number, ReturnType<typeof JSON.parse>]> {
  const { status, text } = await send(devnet.node(index).url + path)
  return [status, JSON.parse(text)]
}

test.each([
  ['/v1/epochs/next/participants', 400, 'Invalid epoch id'],
  ['/v1/epochs/-1/participants', 400, 'Invalid epoch id'],
  ['/v1/epochs/18446744073709551616/participants', 400, 'Invalid epoch id'],
  ['/v1/epochs//participants', 400, 'Invalid epoch id'],
  ['/v1/epochs/0/participants', 400, 'Epoch enumeration starts with 1'],
  ['/v1/epochs/8/participants', 404, 'No active participants found for the specified epoch. Looks like PoC failed!'],
  ['/v1/epochs/current', 400, 'Invalid epoch id'],
  ['/v1/participants/nobody', 400, 'invalid address'],
  ['/v1/participants/gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6', 404, 'account not found'],
  ['/v1/nothing', 404, 'Not Found'],
  ['/', 404, 'Not Found'],
  ['/v1/chat/completions', 405, 'Method Not Allowed'],
])('GET %s is refused with %i %s', async (...[path, status, error]) => {
  const devnet = await startTestDevnet()
  expect(await get(devnet, path)).toEqual([status, { error }])
})

test('dialect numbers writes numbers and leaves zeros out', async () => {
  const devnet = await startTestDevnet({ participants: [{ weight: 0 }, { weight: 9 }] })
  const [, answer] = await get(devnet, '/v1/epochs/current/participants')
  const { participants, epoch_id } = answer.active_participants
  expect(participants.map((p: object) => ('weight' in p ? p.weight : 'absent'))).toEqual(['absent', 9])
  expect(epoch_id).toBe(7)
  expect(answer.validators.map((v: { voting_power: number }) => v.voting_power)).toEqual([9])
  expect(participants[0]).not.toHaveProperty('ml_nodes')
})

test('dialect strings writes strings, zeros included, and marks itself deprecated', async () => {
  const devnet = await startTestDevnet({ dialect: 'strings', participants: [{ weight: 0 }, { weight: 9 }] })
  const [, answer] = await get(devnet, '/v1/epochs/7/participants')
  const { participants, epoch_id, created_at_block_height } = answer.active_participants
  expect(participants.map((p: { weight: string }) => p.weight)).toEqual(['0', '9'])
  expect([epoch_id, created_at_block_height]).toEqual(['7', expect.stringMatching(/^\d+$/)])
  expect(participants[0].ml_nodes).toEqual([])
  expect(answer.validators[0]).toMatchObject({ voting_power: '9', proposer_priority: '0' })
  const { headers } = await send(`${devnet.url}/v1/epochs/current/participants`)
  expect(headers.get('deprecation')).toBe('true')
  expect(await get(devnet, '/v1/epochs/8/participants')).toEqual([
    404,
    { error: 'active participants not found for epoch' },
  ])
})

test('in dialect mixed, neighbours differ and the first mixes in one answer', async () => {
  const devnet = await startTestDevnet({ dialect: 'mixed', participants: 3 })
  const types = await Promise.all(
    [0, 1, 2].map(async (index) => {
      const [, answer] = await get(devnet, '/v1/epochs/current/participants', index)
      return [typeof answer.active_participants.epoch_id, typeof answer.validators[0].voting_power]
    }),
  )
  expect(types).toEqual([
    ['number', 'string'],
    ['string', 'string'],
    ['number', 'number'],
  ])
})

test('consensus addresses come in the order of participants, validators by power and cut to a page', async () => {
  const devnet = await startTestDevnet({ participants: 33 })
  const [, answer] = await get(devnet, '/v1/epochs/current/participants')
  expect(answer.addresses).toHaveLength(33)
  expect(answer.addresses[0]).toMatch(/^[0-9A-F]{40}$/)
  expect(answer.validators).toHaveLength(30)
  const powers = answer.validators.map((v: { voting_power: number }) => v.voting_power)
  expect(powers).toEqual([...powers].sort((a, b) => b - a))
})

test('excluded participants are listed until the epoch turns', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  devnet.exclude(1, 'jailed')
  devnet.exclude(1, 'again')
  const excluded = async () => (await get(devnet, '/v1/epochs/current/participants'))[1].excluded_participants
  expect(await excluded()).toEqual([
    { address: devnet.node(1).address, reason: 'jailed', exclusion_block_height: devnet.chain.height },
  ])
  await devnet.nextEpoch()
  expect(await excluded()).toEqual([])
  expect(() => devnet.exclude(9)).toThrow(RangeError)
})

test('an account shows key and balance, also past 2^53', async () => {
  const devnet = await startTestDevnet()
  const account = devnet.createAccount({ balance: 2n ** 60n + 1n })
  const { text } = await send(`${devnet.url}/v1/participants/${account.address}`)
  expect(text).toMatch(/^\{"pubkey":"[A-Za-z0-9+/]{44}","balance":1152921504606846977,"denom":"ngonka"\}$/)
  const keyless = devnet.createAccount({ publishKey: false })
  expect(await get(devnet, `/v1/participants/${keyless.address}`)).toEqual([
    404,
    { error: 'account has no public key' },
  ])
  expect(() => devnet.createAccount({ balance: -1 })).toThrow(RangeError)
  expect(() => devnet.createAccount({ balance: 0.5 })).toThrow(RangeError)
  expect(devnet.balanceOf(account.address)).toBe(2n ** 60n + 1n)
  expect(devnet.balanceOf('nobody')).toBe(0n)
})

test('identity is signed with the key of the node', async () => {
  const devnet = await startTestDevnet()
  const [, { data, signature }] = await get(devnet, '/v1/identity')
  expect(data.address).toBe(devnet.node(0).address)
  const [, { pubkey }] = await get(devnet, `/v1/participants/${data.address}`)
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))
  expect(secp256k1.verify(bytes(signature), utf8ToBytes(JSON.stringify(data)), bytes(pubkey))).toBe(true)
})

test('the chain shows its parameters and its status', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0, now: () => 1_767_225_600_123 })
  devnet.setTransferAgents([devnet.node(0).address])
  devnet.setDevelopers({ untilBlockHeight: 42, allowed: [devnet.account.address] })
  const [, { params }] = await get(devnet, '/chain-api/productscience/inference/inference/params')
  expect(params.transfer_agent_access_params.allowed_transfer_addresses).toEqual([devnet.node(0).address])
  expect(params.developer_access_params).toEqual({
    until_block_height: '42',
    allowed_developer_addresses: [devnet.account.address],
  })
  expect(params.validation_params).toEqual({ timestamp_expiration: '60', timestamp_advance: '30' })
  devnet.chain.setLagMs(1_000)
  const [, { result }] = await get(devnet, '/chain-rpc/status')
  expect(result.node_info.network).toBe('gonka-devnet')
  expect(result.sync_info).toMatchObject({
    latest_block_height: `${devnet.chain.height}`,
    latest_block_time: '2025-12-31T23:59:59.123Z',
  })
})

test('models are those of the epoch; status and the latest epoch answer, with and without /api', async () => {
  const devnet = await startTestDevnet({ participants: [{ models: ['b', 'a'] }, { models: ['c', 'a'] }] })
  const ids = async () => (await get(devnet, '/v1/models'))[1].data.map((model: { id: string }) => model.id)
  expect(await ids()).toEqual(['a', 'b', 'c'])
  await devnet.nextEpoch({ leave: [1] })
  expect(await ids()).toEqual(['a', 'b'])
  expect(await get(devnet, '/api/v1/status?x=1')).toEqual([200, { status: 'ok' }])
  const [, latest] = await get(devnet, '/v1/epochs/latest')
  expect(latest).toMatchObject({ block_height: devnet.chain.height, latest_epoch: { index: 8 }, phase: 'Inference' })
})
