import { inspect } from 'node:util'
import OpenAI from 'openai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSigner } from './create-signer.ts'
import { KEYS, TA1 } from './fixtures/signature-vectors.ts'
import { type Answer, answerJson, type ReceivedRequest, startServer } from './fixtures/start-server.ts'
import { isAcceptedByNode } from './fixtures/verify-signature.ts'
import { GonkaClientFactory } from './gonka-client-factory.ts'

const { privateKey, address } = KEYS.K2
const REQUEST: OpenAI.ChatCompletionCreateParamsNonStreaming = {
  model: 'sim/model-a',
  messages: [{ role: 'user', content: 'Grüße, 世界' }],
}
const COMPLETION = {
  id: 'sig',
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hallo' } }],
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('GonkaClientFactory', () => {
  it.each([privateKey, `0x${privateKey}`, createSigner(privateKey)])(
    'knows its account, made from a key or a signer',
    (key) => {
      expect(new GonkaClientFactory(key).requesterAddress).toBe(address)
    },
  )

  it('makes real OpenAI clients whose requests a node accepts', async () => {
    const { client, received } = await startNode(answerJson(200, COMPLETION))
    expect(client).toBeInstanceOf(OpenAI)
    const completion = await client.chat.completions.create(REQUEST)
    expect(completion.choices[0]?.message.content).toBe('Hallo')
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/chat/completions' })
    expect(JSON.parse(received[0]!.body.toString())).toEqual(REQUEST)
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('streams', async () => {
    const { client, received } = await startNode((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of ['Hal', 'lo']) {
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    })
    let text = ''
    for await (const chunk of await client.chat.completions.create({ ...REQUEST, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
    }
    expect(text).toBe('Hallo')
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('signs every retry of the SDK afresh', async () => {
    const { client, received } = await startNode(
      answerJson(503, {}, { 'retry-after-ms': '1' }),
      answerJson(200, COMPLETION),
    )
    await client.chat.completions.create(REQUEST)
    expect(received.every(isAccepted)).toBe(true)
    expect(new Set(received.map(({ headers }) => headers.authorization)).size).toBe(2)
  })

  it("shows a refusal as the SDK's own error", async () => {
    const { client } = await startNode(answerJson(402, { error: 'Insufficient balance' }))
    await expect(client.chat.completions.create(REQUEST)).rejects.toMatchObject({ status: 402 })
  })

  it('sends no credentials with GET', async () => {
    const { client, received } = await startNode(answerJson(200, { object: 'list', data: [{ id: 'sim/model-a' }] }))
    expect((await client.models.list()).data).toHaveLength(1)
    expect(received[0]!.headers).not.toHaveProperty('authorization')
  })

  it('takes and sends nothing from OPENAI_ variables', async () => {
    for (const name of ['API_KEY', 'ADMIN_KEY', 'ORG_ID', 'PROJECT_ID', 'WEBHOOK_SECRET']) {
      vi.stubEnv(`OPENAI_${name}`, 'from-environment')
    }
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/')
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'X-Mine: from-environment\nContent-Type: from-environment\nAuthorization: no')
    const { client, received } = await startNode(answerJson(200, COMPLETION))
    await client.chat.completions.create(REQUEST)
    await client.withOptions({ timeout: 5_000 }).chat.completions.create(REQUEST)
    await client.withOptions({ defaultHeaders: { 'x-mine': '2' } }).models.list()
    expect(received.map(({ headers }) => headers['x-mine'])).toEqual([undefined, undefined, '2'])
    expect(received.slice(0, 2).every(isAccepted)).toBe(true)
    expect(JSON.stringify(received)).not.toContain('from-environment')
    expect(inspect(client, { depth: Number.POSITIVE_INFINITY })).not.toContain('from-environment')
  })

  it('refuses to sign for another host, also through the client', async () => {
    const { client } = await startNode(answerJson(200, COMPLETION))
    const other = await startServer(answerJson(200, COMPLETION))
    const call = client.post(`${other.origin}/v1/chat/completions`, { body: REQUEST, maxRetries: 0 })
    await expect(call).rejects.toMatchObject({ cause: { code: 'host-refused' } })
    expect(other.received).toHaveLength(0)
  })

  it("hands the user's options to the SDK, but not the ones it decides itself", async () => {
    const { origin, received } = await startServer(answerJson(200, COMPLETION))
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-mine: from-environment')
    const openai = { maxRetries: 7, timeout: 5, defaultHeaders: { 'x-mine': '1' }, apiKey: 'mine', baseURL: 'http://x' }
    const factory = new GonkaClientFactory(privateKey, { openai })
    const client = factory.createClient({ address: TA1, baseUrl: `${origin}/v1` })
    expect(client).toMatchObject({ maxRetries: 7, timeout: 5, baseURL: `${origin}/v1` })
    await client.withOptions({ timeout: 5_000 }).chat.completions.create(REQUEST)
    expect(received[0]!.headers).toMatchObject({ 'x-mine': '1', 'x-requester-address': address })
  })
})

describe('GonkaClientFactory with bad input', () => {
  it('refuses a bad key', () => {
    expect(() => new GonkaClientFactory('0x1234')).toThrow(
      expect.objectContaining({ name: 'GonkaClientError', code: 'key-invalid', field: 'privateKey' }),
    )
  })

  it.each([undefined, null, 7, {}, { address }])('refuses %j as a signer', (signer) => {
    expect(() => new GonkaClientFactory(signer as string)).toThrow(
      expect.objectContaining({ code: 'client-invalid', field: 'privateKeyOrSigner' }),
    )
  })

  it.each<[string, string, unknown]>([
    ['address-invalid', 'participant.address', { address: privateKey, baseUrl: 'http://node1.example/v1' }],
    ['address-invalid', 'participant.address', undefined],
    ['url-invalid', 'participant.baseUrl', { address: TA1, baseUrl: 'http://user:hunter2@node1.example/v1' }],
    ['url-invalid', 'participant.baseUrl', { address: TA1 }],
  ])('throws %s for %s', (code, field, participant) => {
    const factory = new GonkaClientFactory(privateKey)
    const error = catchError(() => factory.createClient(participant as { address: string; baseUrl: string }))
    expect(error).toMatchObject({ name: 'GonkaClientError', code, field, cause: { name: 'GonkaConfigError' } })
    expect(inspect(error)).not.toMatch(new RegExp(`hunter2|${privateKey}`))
  })

  it('names the participant when the client cannot be made', () => {
    const factory = new GonkaClientFactory(privateKey, { scheme: 'v3' as 'v2' })
    const error = catchError(() => factory.createClient({ address: TA1, baseUrl: 'http://node1.example/v1' }))
    expect(error).toMatchObject({ code: 'config-invalid', field: 'scheme', participantAddress: TA1 })
  })
})

async function startNode(...answers: Answer[]) {
  const server = await startServer(...answers)
  const client = new GonkaClientFactory(privateKey).createClient({ address: TA1, baseUrl: `${server.origin}/v1` })
  return { ...server, client }
}

function isAccepted({ headers, body }: ReceivedRequest): boolean {
  const parts = { body, timestamp: String(headers['x-timestamp']), transferAddress: TA1 }
  return isAcceptedByNode(String(headers.authorization), KEYS.K2.publicKey, parts)
}

function catchError(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}
