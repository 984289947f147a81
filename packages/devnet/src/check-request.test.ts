import { expect, test } from 'vitest'
import {
  errorOf,
  freshTimestamp,
  HELLO,
  type SendChanges,
  sendSigned,
  startTestDevnet,
} from './fixtures/signed-request.ts'
import type { Devnet } from './index.ts'

const STRANGER = { privateKey: `${'00'.repeat(31)}07`, address: 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6' }
const S = 1_000_000_000n

/** One row of the table: what the client or the chain does, and the node's answer. */
type Row = readonly [name: string, status: number, text: string, arrange: (devnet: Devnet) => SendChanges]

const withBody = (body: object) => () => ({ body })
const withMessages = (...messages: unknown[]) => withBody({ ...HELLO, messages })

const ROWS: readonly Row[] = [
  ['no JSON', 400, 'invalid chat completion request: the body is not a JSON object', () => ({ body: '{"model":' })],
  ['a JSON array', 400, 'invalid chat completion request: the body is not a JSON object', () => ({ body: '[]' })],
  ['an empty body', 400, 'invalid chat completion request: the body is not a JSON object', () => ({ body: '' })],
  [
    'a model that is a number',
    400,
    'invalid chat completion request: model must be a string',
    withBody({ ...HELLO, model: 1 }),
  ],
  [
    'max_tokens that is text',
    400,
    'invalid chat completion request: max_tokens must be a whole number',
    withBody({ ...HELLO, max_tokens: 'many' }),
  ],
  ['no messages', 400, 'messages is required', withBody({ model: 'sim/model-a', messages: [] })],
  [
    'a transfer agent outside the list',
    403,
    'Transfer Agent not allowed',
    (devnet) => {
      devnet.setTransferAgents([devnet.node(1).address])
      return {}
    },
  ],
  ['no Authorization', 401, 'Authorization is required', () => ({ headers: { authorization: undefined } })],
  ['no model', 400, 'No model specified', withBody({ messages: HELLO.messages })],
  [
    'a developer outside the list',
    403,
    'inference requests are restricted until block height 9000000',
    (devnet) => {
      devnet.setDevelopers({ untilBlockHeight: 9_000_000, allowed: [STRANGER.address] })
      return {}
    },
  ],
  ['an unknown role', 400, 'messages[0].role has unsupported value "robot"', withMessages({ role: 'robot' })],
  ['a message without role', 400, 'messages[0].role is required', withMessages({ content: 'x' })],
  ['a message that is text', 400, 'messages[1] must be an object', withMessages(HELLO.messages[0], 'x')],
  ['a user message without content', 400, 'messages[0].content is required', withMessages({ role: 'user' })],
  [
    'content that is a number',
    400,
    'messages[0].content must be a string or an array',
    withMessages({ role: 'user', content: 1 }),
  ],
  [
    'a content part without type',
    400,
    'messages[0].content[0].type is required',
    withMessages({ role: 'user', content: [{ text: 'x' }] }),
  ],
  [
    'a tool message that answers nothing',
    400,
    'messages[0].tool_call_id does not match a previous tool call',
    withMessages({ role: 'tool', tool_call_id: 'c1', content: 'x' }),
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
  [
    'a key that is not the account’s',
    401,
    'Unable to validate request against PubKey:invalid signature',
    (devnet) => ({ account: { ...STRANGER, address: '' }, headers: { 'x-requester-address': devnet.account.address } }),
  ],
  [
    'the address of another node',
    401,
    'Unable to validate request against PubKey:invalid signature',
    (devnet) => ({ transferAddress: devnet.node(1).address }),
  ],
  [
    'X-Transfer-Address, which replaces the node’s own address',
    401,
    'Unable to validate request against PubKey:invalid signature',
    (devnet) => ({ headers: { 'x-transfer-address': devnet.node(1).address } }),
  ],
  [
    'the other scheme',
    401,
    'Unable to validate request against PubKey:invalid signature',
    () => ({ scheme: 'v1' as const }),
  ],
  [
    'a signature with a scheme before it',
    401,
    'Unable to validate request against PubKey:illegal base64 data at input byte 6',
    () => ({ headers: { authorization: `Bearer ${'A'.repeat(86)}==` } }),
  ],
  [
    'a short signature',
    401,
    'Unable to validate request against PubKey:invalid signature',
    () => ({ headers: { authorization: 'AAAA' } }),
  ],
  [
    'a signature of 65 bytes',
    401,
    'Unable to validate request against PubKey:invalid signature',
    () => ({ headers: { authorization: `${'A'.repeat(87)}=` } }),
  ],
  [
    'another timestamp than was signed',
    401,
    'Unable to validate request against PubKey:invalid signature',
    (devnet) => ({ headers: { 'x-timestamp': `${freshTimestamp(devnet)}` } }),
  ],
  ['an unknown model', 404, 'model not found', withBody({ ...HELLO, model: 'SIM/model-a' })],
  [
    'a poor account',
    402,
    'Insufficient balance',
    (devnet) => ({ account: devnet.createAccount({ balance: 5_000_000 }) }),
  ],
  [
    'an old timestamp',
    400,
    'signature is too old',
    (devnet) => ({ timestampNs: devnet.chain.blockTimeNs - 60n * S - 1n }),
  ],
  [
    'a timestamp from the future',
    400,
    'signature is in the future',
    (devnet) => ({ timestampNs: devnet.chain.blockTimeNs + 30n * S + 1n }),
  ],
  [
    'no timestamp, though none was signed',
    400,
    'signature is too old',
    () => ({ timestampNs: 0n, headers: { 'x-timestamp': undefined } }),
  ],
  [
    'the headers of another node, without its prompt hash',
    400,
    'Prompt hash is missing',
    () => ({ headers: { 'x-inference-id': 'a', 'x-seed': '1' } }),
  ],
  [
    'the headers of another node, without its signature',
    401,
    'Unable to validate request against TransferSignature:invalid signature',
    () => ({ headers: { 'x-inference-id': 'a', 'x-seed': '1', 'x-prompt-hash': 'b' } }),
  ],
  [
    'more choices than the model server gives',
    400,
    'Inference node response with an error. code = 400. error = {"message":"n must be between 1 and 5"}.',
    withBody({ ...HELLO, n: 6 }),
  ],
]

test.each(ROWS)('%s is refused with %i %s', async (...[, status, text, arrange]) => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const answer = await sendSigned(devnet, devnet.node(0), arrange(devnet))
  expect([answer.status, errorOf(answer)]).toEqual([status, text])
  expect(answer.headers.get('content-type')).toBe('application/json')
})

const PASSES: readonly (readonly [string, (devnet: Devnet) => SendChanges])[] = [
  ['a timestamp 60 s old', (devnet) => ({ timestampNs: devnet.chain.blockTimeNs - 60n * S })],
  ['a timestamp 30 s ahead', (devnet) => ({ timestampNs: devnet.chain.blockTimeNs + 30n * S })],
  ['whitespace, escapes and other scripts', () => ({ body: ` {"a":"\\u0000", ${JSON.stringify(HELLO).slice(1)}\n` })],
  ['Grüße, 世界 🌍', withMessages({ role: 'user', content: 'Grüße, 世界 🌍' })],
  [
    'an answered tool call',
    withMessages(
      { role: 'user', content: 'x' },
      { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function' }] },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'y' }] },
    ),
  ],
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
  [
    'a request signed for X-Transfer-Address',
    (devnet) => ({
      transferAddress: devnet.node(1).address,
      headers: { 'x-transfer-address': devnet.node(1).address },
    }),
  ],
  ['the /api alias', () => ({ path: '/api/v1/chat/completions?x=1' })],
  ['a text completion', () => ({ path: '/v1/completions', body: { model: 'sim/model-a', prompt: ['a', 'b'] } })],
]

test.each(PASSES)('%s is accepted', async (_name, arrange) => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const answer = await sendSigned(devnet, devnet.node(0), arrange(devnet))
  expect(answer).toMatchObject({ status: 200 })
})

test('one byte of the body changed after signing is a wrong signature', async () => {
  const devnet = await startTestDevnet()
  const send = (body: string) => sendSigned(devnet, devnet.node(0), { body })
  const signed = await send(JSON.stringify(HELLO))
  expect(signed.status).toBe(200)
  const authorization = devnet.node(0).requests[0]?.headers.authorization ?? ''
  const timestamp = devnet.node(0).requests[0]?.headers['x-timestamp'] ?? ''
  const changed = await sendSigned(devnet, devnet.node(0), {
    body: JSON.stringify(HELLO).replace('Hello', 'Hallo'),
    headers: { authorization, 'x-timestamp': timestamp },
  })
  expect([changed.status, errorOf(changed)]).toEqual([
    401,
    'Unable to validate request against PubKey:invalid signature',
  ])
})

test('classic-v1 wants the body itself signed and has its own texts for accounts', async () => {
  const devnet = await startTestDevnet({ mode: 'classic-v1' })
  const send = (changes: SendChanges) => sendSigned(devnet, devnet.node(0), { scheme: 'v1', ...changes })
  expect((await send({})).status).toBe(200)
  expect((await send({ scheme: 'v2' })).status).toBe(401)
  const keyless = await send({ account: devnet.createAccount({ publishKey: false }) })
  expect(keyless).toMatchObject({ status: 500, text: expect.stringContaining('nil pointer dereference') })
  const unknown = await send({ headers: { 'x-requester-address': STRANGER.address } })
  expect(unknown).toMatchObject({ status: 404, text: '{"error":"Inference participant not found"}' })
})

test('a signature is spent by the first request that passes the window, even when there is no capacity', async () => {
  const devnet = await startTestDevnet({ participants: [{ capacity: 0 }], blockTimeMs: 0 })
  const timestampNs = freshTimestamp(devnet)
  const first = await sendSigned(devnet, devnet.node(0), { timestampNs })
  const others = `${devnet.url}/v1/epochs/current/participants`
  expect(first).toMatchObject({
    status: 429,
    text: JSON.stringify({ error: `Transfer Agent capacity reached. Try another TA from ${others}` }),
  })
  const second = await sendSigned(devnet, devnet.node(0), { timestampNs })
  expect([second.status, errorOf(second)]).toEqual([400, 'AuthKey has already been used for a transfer request'])
  devnet.chain.advance(30)
  expect((await sendSigned(devnet, devnet.node(0), { timestampNs })).status).toBe(400)
  devnet.chain.advance()
  expect((await sendSigned(devnet, devnet.node(0), { timestampNs })).status).toBe(429)
})

test('a slow chain makes right clocks look fast, a fast one slow', async () => {
  const devnet = await startTestDevnet()
  const nowNs = () => BigInt(Date.now()) * 1_000_000n
  devnet.chain.setLagMs(40_000)
  const ahead = await sendSigned(devnet, devnet.node(0), { timestampNs: nowNs() })
  expect(errorOf(ahead)).toBe('signature is in the future')
  devnet.chain.setLagMs(-70_000)
  const behind = await sendSigned(devnet, devnet.node(0), { timestampNs: nowNs() })
  expect(errorOf(behind)).toBe('signature is too old')
  devnet.chain.setLagMs(0)
  expect((await sendSigned(devnet, devnet.node(0), { timestampNs: nowNs() })).status).toBe(200)
})

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
