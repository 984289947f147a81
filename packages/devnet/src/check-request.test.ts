import { expect, test } from 'vitest'
import { S, STRANGER, testPasses, testRefusals, withBody } from './fixtures/check-rows.ts'
import { errorOf, HELLO, type SendChanges, sendSigned, startTestDevnet } from './fixtures/signed-request.ts'

testRefusals([
  [
    'a transfer agent outside the list',
    403,
    'Transfer Agent not allowed',
    (devnet) => {
      devnet.setTransferAgents([devnet.node(1).address])
      return {}
    },
  ],
  [
    'a developer outside the list',
    403,
    'inference requests are restricted until block height 9000000',
    (devnet) => {
      devnet.setDevelopers({ untilBlockHeight: 9_000_000, allowed: [STRANGER.address] })
      return {}
    },
  ],
  [
    'an unknown account',
    500,
    'rpc error: code = NotFound desc = account not found',
    () => ({ headers: { 'x-requester-address': STRANGER.address } }),
  ],
  [
    'no account',
    500,
    'rpc error: code = NotFound desc = account not found',
    () => ({ headers: { 'x-requester-address': undefined } }),
  ],
  [
    'an account without public key',
    500,
    'rpc error: code = NotFound desc = account has no public key',
    (devnet) => ({ account: devnet.createAccount({ publishKey: false }) }),
  ],
  ['an unknown model', 404, 'model not found', withBody({ ...HELLO, model: 'SIM/model-a' })],
  [
    'a poor account',
    402,
    'Insufficient balance',
    (devnet) => ({ account: devnet.createAccount({ balance: 5_000_000 }) }),
  ],
])

testPasses([
  [
    'a balance that is just enough',
    (devnet) => ({
      account: devnet.createAccount({ balance: BigInt('user: Hello'.length + 7) * 1_000n }),
      body: { ...HELLO, max_tokens: 7 },
    }),
  ],
  [
    'an account on the developer list',
    (devnet) => {
      devnet.setDevelopers({ untilBlockHeight: 9_000_000, allowed: [devnet.account.address] })
      return {}
    },
  ],
  [
    'a developer gate that has passed',
    (devnet) => {
      devnet.setDevelopers({ untilBlockHeight: devnet.chain.height, allowed: [] })
      return {}
    },
  ],
  [
    'a transfer agent on the list',
    (devnet) => {
      devnet.setTransferAgents([devnet.node(0).address])
      return {}
    },
  ],
  ['the /api alias', () => ({ path: '/api/v1/chat/completions?x=1' })],
])

test('capacity counts answers that are still on their way', async () => {
  const devnet = await startTestDevnet({ participants: [{ capacity: 1 }], latencyMs: 60_000 })
  const first = sendSigned(devnet, devnet.node(0))
  const ended = expect(first).rejects.toThrow()
  await expect.poll(async () => (await sendSigned(devnet, devnet.node(0))).status).toBe(429)
  await devnet.stop()
  await ended
})

test('no living participant for a model is 503, and the answer is charged by use', async () => {
  const devnet = await startTestDevnet({ participants: [{}, { models: ['sim/model-b'] }] })
  const body = { ...HELLO, model: 'sim/model-b' }
  const before = devnet.balanceOf(devnet.account.address)
  const answer = await sendSigned(devnet, devnet.node(0), { body })
  const { usage } = JSON.parse(answer.text)
  expect(before - devnet.balanceOf(devnet.account.address)).toBe(BigInt(usage.total_tokens) * 1_000n)
  await devnet.node(1).kill()
  expect(await sendSigned(devnet, devnet.node(0), { body })).toMatchObject({
    status: 503,
    text: '{"error":"no executors available for model"}',
  })
  await devnet.node(1).restart()
  expect((await sendSigned(devnet, devnet.node(0), { body })).status).toBe(200)
  devnet.exclude(1, 'jailed')
  expect((await sendSigned(devnet, devnet.node(0), { body })).status).toBe(503)
})

test('the first thing wrong decides, in the order of the nodes', async () => {
  const devnet = await startTestDevnet({ participants: [{ capacity: 0 }], blockTimeMs: 0 })
  const stale = devnet.chain.blockTimeNs - 100n * S
  const poor = devnet.createAccount({ balance: 0n })
  devnet.setTransferAgents([STRANGER.address])
  devnet.setDevelopers({ untilBlockHeight: 9_000_000, allowed: [] })
  const bad = { model: 'x', messages: [{ role: 'robot', content: 'x' }] }
  const good = { ...bad, messages: HELLO.messages }
  const steps: readonly (readonly [string, SendChanges, (() => void)?])[] = [
    ['messages is required', { body: { messages: [] }, headers: { authorization: undefined } }],
    ['Transfer Agent not allowed', { body: { ...bad, model: '' }, headers: { authorization: undefined } }],
    [
      'Authorization is required',
      { body: { ...bad, model: '' }, headers: { authorization: undefined } },
      () => devnet.setTransferAgents([]),
    ],
    ['No model specified', { body: { ...bad, model: '' } }],
    ['inference requests are restricted until block height 9000000', { body: bad }],
    [
      'messages[0].role has unsupported value "robot"',
      { body: bad, headers: { 'x-requester-address': STRANGER.address } },
      () => devnet.setDevelopers({ untilBlockHeight: 0, allowed: [] }),
    ],
    [
      'rpc error: code = NotFound desc = account not found',
      { body: good, headers: { 'x-requester-address': STRANGER.address } },
    ],
    [
      'Unable to validate request against PubKey:invalid signature',
      { body: good, account: poor, timestampNs: stale, scheme: 'v1' },
    ],
    ['model not found', { body: good, account: poor, timestampNs: stale }],
    ['Insufficient balance', { account: poor, timestampNs: stale }],
    ['signature is too old', { timestampNs: stale }],
    [expect.stringContaining('Transfer Agent capacity reached'), {}],
  ]
  for (const [text, changes, before] of steps) {
    before?.()
    expect(errorOf(await sendSigned(devnet, devnet.node(0), changes))).toEqual(text)
  }
})
