import { expect, test } from 'vitest'
import { S, STRANGER, testPasses, testRefusals } from './fixtures/check-rows.ts'
import {
  errorOf,
  freshTimestamp,
  HELLO,
  type SendChanges,
  sendSigned,
  startTestDevnet,
} from './fixtures/signed-request.ts'

testRefusals([
  ['no Authorization', 401, 'Authorization is required', () => ({ headers: { authorization: undefined } })],
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
])

testPasses([
  ['a timestamp 60 s old', (devnet) => ({ timestampNs: devnet.chain.blockTimeNs - 60n * S })],
  ['a timestamp 30 s ahead', (devnet) => ({ timestampNs: devnet.chain.blockTimeNs + 30n * S })],
  [
    'a request signed for X-Transfer-Address',
    (devnet) => ({
      transferAddress: devnet.node(1).address,
      headers: { 'x-transfer-address': devnet.node(1).address },
    }),
  ],
])

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
