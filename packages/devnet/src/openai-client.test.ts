import { createSigner, createSigningFetch } from '@gonka/signer'
import OpenAI, { APIError } from 'openai'
import { expect, test } from 'vitest'
import { startTestDevnet } from './fixtures/signed-request.ts'
import type { Devnet, DevnetNode } from './index.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]
const model = 'sim/model-a'

function createClient(devnet: Devnet, node: DevnetNode, inner: typeof fetch = fetch): OpenAI {
  const signedFetch = createSigningFetch({
    signer: createSigner(devnet.account.privateKey),
    transferAddress: node.address,
    fetch: inner,
  })
  return new OpenAI({ baseURL: `${node.url}/v1`, apiKey: 'unused', maxRetries: 0, fetch: signedFetch })
}

test('the unmodified OpenAI client completes through a signing fetch', async () => {
  const devnet = await startTestDevnet()
  const client = createClient(devnet, devnet.node(0))
  const { data, response } = await client.chat.completions.create({ model, messages }).withResponse()
  expect(response.status).toBe(200)
  expect(data.object).toBe('chat.completion')
  expect(data.choices[0]?.message.role).toBe('assistant')
  expect(data.choices[0]?.finish_reason).toBe('stop')
  const logged = data.choices[0]?.logprobs?.content?.map(({ token }) => token).join('')
  expect(logged).toBe(data.choices[0]?.message.content)
  expect(data.id).toBe(devnet.node(0).requests[0]?.headers.authorization)
})

test('a stream has a role, content, a finish reason, a usage chunk without choices, and the same text', async () => {
  const devnet = await startTestDevnet({ tokenDelayMs: 1 })
  const client = createClient(devnet, devnet.node(0))
  const whole = await client.chat.completions.create({ model, messages })
  const chunks: OpenAI.ChatCompletionChunk[] = []
  for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) chunks.push(chunk)
  expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(whole.choices[0]?.message.content)
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
  expect(chunks.at(-1)?.choices).toEqual([])
  expect(chunks.at(-1)?.usage).toEqual(whole.usage)
  expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set([devnet.node(0).requests[1]?.headers.authorization]))
})

test('max_tokens and n are kept to', async () => {
  const devnet = await startTestDevnet()
  const client = createClient(devnet, devnet.node(0))
  const answer = await client.chat.completions.create({ model, messages, max_tokens: 3, n: 2 })
  expect(answer.choices.map(({ finish_reason }) => finish_reason)).toEqual(['length', 'length'])
  expect(answer.choices[0]?.message.content).not.toBe(answer.choices[1]?.message.content)
  expect(answer.usage?.completion_tokens).toBe(6)
})

test('text completions work, whole and streamed', async () => {
  const devnet = await startTestDevnet()
  const client = createClient(devnet, devnet.node(0))
  const whole = await client.completions.create({ model, prompt: 'Once' })
  let text = ''
  for await (const chunk of await client.completions.create({ model, prompt: 'Once', stream: true })) {
    text += chunk.choices[0]?.text ?? ''
  }
  expect(text).toBe(whole.choices[0]?.text)
  expect(text).not.toBe('')
})

test('a byte changed between signing and sending comes back as 401 with the text of the node', async () => {
  const devnet = await startTestDevnet()
  const tamper: typeof fetch = (input, init) => {
    const bytes = new Uint8Array(init?.body as Uint8Array<ArrayBuffer>)
    bytes[bytes.indexOf('H'.charCodeAt(0))] = 'J'.charCodeAt(0)
    return fetch(input, { ...init, body: bytes })
  }
  const client = createClient(devnet, devnet.node(0), tamper)
  const error = await client.chat.completions.create({ model, messages }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({
    status: 401,
    error: 'Unable to validate request against PubKey:invalid signature',
  })
  expect(JSON.parse(devnet.node(0).requests[0]?.body ?? '').messages[0].content).toBe('Jello')
})

test('the same client works against a gateway with its key', async () => {
  const devnet = await startTestDevnet({ mode: 'gateway' })
  const client = new OpenAI({ baseURL: `${devnet.url}/v1`, apiKey: devnet.apiKey, maxRetries: 0 })
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual([model])
  const answer = await client.chat.completions.create({ model, messages })
  expect(answer.id).toMatch(/^chatcmpl-/)
  const stream = await client.chat.completions.create({ model, messages, stream: true })
  const usages = []
  for await (const chunk of stream) if (chunk.usage) usages.push(chunk.usage)
  expect(usages).toEqual([])
})
