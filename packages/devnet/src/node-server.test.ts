import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HELLO, send, sendSigned, signTestRequest, startTestDevnet } from './fixtures/signed-request.ts'
import type { DevnetNode } from './index.ts'

const BODY_LIMIT_BYTES = 10_485_760

/** Writes bytes, then ends; resolves with all that came back. */
function exchange(node: DevnetNode, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => (text += chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
    socket.end(bytes)
  })
}

async function expectAlive(node: DevnetNode): Promise<void> {
  expect((await send(`${node.url}/v1/status`)).status).toBe(200)
}

test('random bytes get an HTTP answer or a closed connection, and the node lives', async () => {
  const devnet = await startTestDevnet({ participants: 1 })
  const node = devnet.node(0)
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('GET / HTTP/1.1', 'POST /v1/chat/completions HTTP/1.1', 'CONNECT x:1 HTTP/1.1', 'Host: x'),
    fc.constantFrom('Transfer-Encoding: chunked', 'Content-Length: 5', 'Upgrade: websocket', 'Expect: 100-continue'),
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(line, { maxLength: 8 }).map((lines) => new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\nzz`)),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      expect(await exchange(node, sent)).toMatch(/^($|HTTP\/1\.1 \d{3} )/)
    }),
    { numRuns: 150 },
  )
  await expectAlive(node)
})

test.each([['classic-v2' as const], ['gateway' as const]])(
  'in mode %s, well-formed HTTP with any path, method, headers and body is answered below 500',
  async (mode) => {
    const devnet = await startTestDevnet({ participants: 1, mode })
    const { url } = devnet.node(0)
    const path = fc.oneof(
      fc.webPath(),
      fc.constantFrom(
        '/v1/chat/completions',
        '/api/v1/completions',
        '/v1/epochs/%/participants',
        '/v1/participants/%zz',
      ),
    )
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant('{"messages":[{"role":{"toString":1},"content":{"toString":1}}]}'),
      fc
        .record(
          { model: fc.anything(), messages: fc.array(fc.anything()), prompt: fc.anything(), n: fc.anything() },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part))),
    )
    const header = fc.stringMatching(/^[\x20-\x7e]*$/)
    const headers = fc.record({ 'x-timestamp': header, 'x-requester-address': header, 'x-transfer-address': header })
    const key = { authorization: `Bearer ${devnet.apiKey}` }
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'), path, headers, body),
        async (request) => {
          const [method, where, sent, text] = request
          const hasBody = method === 'POST' || method === 'PUT'
          const init = { method, headers: { ...sent, ...key }, ...(hasBody ? { body: text } : {}) }
          const answer = await send(url + where, init)
          expect([200, 400, 401, 404, 405]).toContain(answer.status)
          if (method !== 'HEAD') JSON.parse(answer.text)
        },
      ),
      { numRuns: 150 },
    )
  },
)

test('a body at the limit is read, one byte more is refused, and the connection stays usable', async () => {
  const devnet = await startTestDevnet({ participants: 1 })
  const url = `${devnet.url}/v1/chat/completions`
  const post = (sizeBytes: number) => send(url, { method: 'POST', body: new Uint8Array(sizeBytes) })
  expect((await post(BODY_LIMIT_BYTES)).status).toBe(400)
  expect(await post(BODY_LIMIT_BYTES + 1)).toMatchObject({ status: 413, text: '{"error":"request body too large"}' })
  await expectAlive(devnet.node(0))
})

test('a body far past the limit ends the connection', async () => {
  const devnet = await startTestDevnet({ participants: 1 })
  const url = `${devnet.url}/v1/chat/completions`
  await expect(send(url, { method: 'POST', body: new Uint8Array(5 * BODY_LIMIT_BYTES) })).rejects.toThrow()
  await expectAlive(devnet.node(0))
})

test('clients that leave in the middle of an upload or a stream leave nothing behind', async () => {
  const devnet = await startTestDevnet({ participants: [{ capacity: 1 }], tokenDelayMs: 60_000 })
  const node = devnet.node(0)
  await exchange(
    node,
    new TextEncoder().encode('POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'),
  )
  const status = async () => (await sendSigned(devnet, node, { body: HELLO })).status
  expect(await status()).toBe(200)
  const { headers, body } = await signTestRequest(devnet, node, { body: { ...HELLO, stream: true } })
  headers.set('host', 'x')
  headers.set('content-length', String(body.length))
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${lines}\r\n${body}`)
  await expect.poll(() => node.requests.at(-1)?.status).toBe(200)
  expect(await status()).toBe(429)
  socket.destroy()
  await expect.poll(status).toBe(200)
})

test('a thousand keep-alive requests at once are all answered', async () => {
  const devnet = await startTestDevnet({ participants: 1 })
  const { url } = devnet.node(0)
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => send(`${url}/v1/status`)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1_000)
})

test('the log keeps what came: method, path, headers, body, status, time', async () => {
  const devnet = await startTestDevnet({ participants: 1, now: () => 1_767_225_600_000 })
  await send(`${devnet.url}/v1/x?y=z`, { method: 'POST', headers: { 'X-Any': 'Thing' }, body: 'ü'.repeat(40_000) })
  expect(devnet.node(0).requests).toEqual([
    {
      method: 'POST',
      path: '/v1/x?y=z',
      headers: expect.objectContaining({ 'x-any': 'Thing' }),
      body: 'ü'.repeat(32_768),
      status: 404,
      atMs: 1_767_225_600_000,
    },
  ])
})

test("the chain's RPC answers any arguments with a result or a refusal of its own", async () => {
  const devnet = await startTestDevnet({ participants: 1 })
  const value = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.constantFrom('6990', '"6990"', '"/store/inference/key"', '"store/__proto__/key"', '0x4163', '"a"', '-0', '1e3'),
  )
  const names = ['height', 'page', 'per_page', 'path', 'data', 'prove']
  const query = fc.dictionary(fc.constantFrom(...names), value)
  const call = fc.constantFrom('status', 'commit', 'validators', 'block', 'abci_query')
  await fc.assert(
    fc.asyncProperty(call, query, async (name, asked) => {
      const { text } = await send(`${devnet.url}/chain-rpc/${name}?${new URLSearchParams(asked)}`)
      const { jsonrpc, result, error } = JSON.parse(text)
      expect(jsonrpc).toBe('2.0')
      expect(typeof (result ?? error)).toBe('object')
    }),
  )
})
