import { expect, test } from 'vitest'
import { HELLO, send, startTestDevnet, type TestAnswer } from './fixtures/signed-request.ts'
import type { Devnet, DevnetOptions } from './index.ts'

async function startGateway(options: DevnetOptions = {}): Promise<Devnet> {
  return await startTestDevnet({ mode: 'gateway', ...options })
}

async function ask(devnet: Devnet, body: object, apiKey = devnet.apiKey): Promise<TestAnswer> {
  const headers = { authorization: `Bearer ${apiKey}` }
  return await send(`${devnet.url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })
}

test.each([
  ['another model', { model: 'x' }, 400, 'unsupported model "x"'],
  ['no messages', { messages: [] }, 400, 'messages is required'],
  ['a parameter outside the list', { guided_json: {} }, 400, expect.stringContaining('"guided_json"')],
  ['too many choices', { n: 6 }, 400, 'n must be between 1 and 5'],
  ['too many messages', { messages: Array(2_049).fill(HELLO.messages[0]) }, 400, expect.stringContaining('2048')],
  ['an unknown role', { messages: [{ role: 'robot', content: '' }] }, 400, expect.stringContaining('robot')],
])('refuses %s with an object in plain text', async (...[, change, status, message]) => {
  const devnet = await startGateway()
  const answer = await ask(devnet, { ...HELLO, ...change })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { error: { message } }])
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
})

test('refuses a wrong key, other methods, and a model without participants', async () => {
  const devnet = await startGateway({ participants: [{}, { models: ['sim/model-b'] }] })
  expect(await ask(devnet, HELLO, 'wrong')).toMatchObject({
    status: 401,
    text: JSON.stringify({ error: { message: 'model "sim/model-a" requires an API key' } }),
  })
  expect((await send(`${devnet.url}/v1/chat/completions`)).status).toBe(405)
  await devnet.node(1).kill()
  expect((await ask(devnet, { ...HELLO, model: 'sim/model-b' })).status).toBe(503)
})

test('limits itself by capacity and caps the answer', async () => {
  const devnet = await startGateway({ participants: [{ capacity: 0 }, {}] })
  expect((await ask(devnet, HELLO)).status).toBe(429)
})

test('gives every answer an id of its own and names the request', async () => {
  const devnet = await startGateway()
  const answers = await Promise.all([ask(devnet, HELLO), ask(devnet, HELLO)])
  expect(new Set(answers.map(({ text }) => JSON.parse(text).id)).size).toBe(2)
  expect(answers[0]?.headers.get('x-request-id')).toMatch(/^[0-9a-f]{24}$/)
  expect(answers[0]?.headers.get('x-devshard-id')).toBe('1')
})

test('streams usage only when asked', async () => {
  const devnet = await startGateway()
  const stream = { ...HELLO, stream: true }
  expect((await ask(devnet, stream)).text).not.toContain('"usage"')
  expect((await ask(devnet, { ...stream, stream_options: { include_usage: true } })).text).toContain('"usage"')
})
