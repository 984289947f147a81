import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { createSigningFetch, type SigningFetchOptions } from './create-signing-fetch.ts'
import { BODIES, KEYS, TA1, VECTORS } from './fixtures/signature-vectors.ts'
import { answerJson, type ReceivedRequest, startServer } from './fixtures/start-server.ts'
import { isAcceptedByNode } from './fixtures/verify-signature.ts'
import type { Clock, FetchLike } from './types.ts'

const TIMESTAMP_NS = 1_767_225_600_000_000_000n
const signer = createSigner(KEYS.K1.privateKey)

describe('createSigningFetch', () => {
  it('sends exactly the signed bytes with the three headers', async () => {
    const { url, received } = await startNode()
    const response = await signedFetch()(url, { method: 'POST', body: BODIES.plain })
    expect(await response.json()).toEqual({ ok: true })
    expect(received[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      body: Buffer.from(BODIES.plain),
      headers: {
        authorization: VECTORS[0]!.authorization,
        'x-requester-address': KEYS.K1.address,
        'x-timestamp': String(TIMESTAMP_NS),
        'content-length': String(BODIES.plain.length),
      },
    })
  })

  it('signs with scheme v1 when told so', async () => {
    const { url, received } = await startNode()
    await signedFetch({ scheme: 'v1' })(url, { method: 'POST', body: BODIES.plain })
    expect(received[0]!.headers.authorization).toBe(VECTORS.find(({ name }) => name.startsWith('L1'))!.authorization)
  })

  it.each(['POST', 'post', 'PUT', 'PATCH', 'DELETE'])('signs the empty body of a %s', async (method) => {
    const { url, received } = await startNode()
    await signedFetch()(url, { method })
    expect(received[0]!.body).toHaveLength(0)
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it.each(['GET', 'HEAD', undefined])('sends %s without any credentials', async (method) => {
    const { url, received } = await startNode()
    const headers = { authorization: 'Bearer secret', 'X-Timestamp': '1', 'X-Requester-Address': 'gonka1' }
    await signedFetch()(url, { ...(method ? { method } : {}), headers })
    expect(received[0]!.headers).not.toHaveProperty('authorization')
    expect(Object.keys(received[0]!.headers)).not.toContain('x-timestamp')
    expect(Object.keys(received[0]!.headers)).not.toContain('x-requester-address')
  })

  it("replaces the caller's Authorization and drops what only nodes may send", async () => {
    const { url, received } = await startNode()
    const nodeOnly = ['X-Transfer-Address', 'X-Inference-Id', 'X-Seed', 'X-TA-Signature', 'X-Prompt-Hash']
    const more = ['X-Validator-Address', 'X-Epoch-Id']
    const headers = Object.fromEntries([...nodeOnly, ...more].map((name) => [name, '1']))
    await signedFetch()(url, {
      method: 'POST',
      headers: { ...headers, Authorization: 'Bearer secret', 'Content-Length': '3', 'X-Kept': 'yes' },
      body: BODIES.plain,
    })
    const names = Object.keys(received[0]!.headers)
    for (const name of [...nodeOnly, ...more]) expect(names).not.toContain(name.toLowerCase())
    expect(received[0]!.headers).toMatchObject({ 'x-kept': 'yes', authorization: VECTORS[0]!.authorization })
    expect(received[0]!.body.toString()).toBe(BODIES.plain)
  })

  it('gives two fetches of one process different timestamps, and so different signatures', async () => {
    const { url, received } = await startNode()
    const fetches = [freshFetch(), freshFetch()]
    const calls = Array.from({ length: 20 }, (_, i) => fetches[i % 2]!(url, { method: 'POST', body: BODIES.plain }))
    await Promise.all(calls)
    expect(new Set(received.map(({ headers }) => headers['x-timestamp'])).size).toBe(20)
    expect(new Set(received.map(({ headers }) => headers.authorization)).size).toBe(20)
    expect(received.every(isAccepted)).toBe(true)
  })

  it('hands over a stream as it comes', async () => {
    const server = await startServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
    })
    const response = await signedFetch()(server.origin, { method: 'POST', body: '{}' })
    const { value } = await response.body!.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('data: first\n\n')
  })

  it.each([401, 402, 404, 410, 429, 500, 503])('hands over a %i untouched and does not send again', async (status) => {
    const { url, received } = await startNode(status, { error: 'signature is too old' })
    const response = await signedFetch()(url, { method: 'POST', body: '{}' })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.url).toBe(url)
    expect(await response.json()).toEqual({ error: 'signature is too old' })
    expect(received).toHaveLength(1)
  })

  it('rejects as the platform does when nobody answers', async () => {
    const unreachable: FetchLike = () => Promise.reject(new TypeError('fetch failed'))
    const call = signedFetch({ fetch: unreachable })('http://node1.example/', { method: 'POST' })
    await expect(call).rejects.toThrow(new TypeError('fetch failed'))
  })

  it("passes the caller's other options to the inner fetch, but never lets it follow redirects", async () => {
    let seen: RequestInit | undefined
    const inner: FetchLike = async (_, init) => {
      seen = init
      return new Response()
    }
    await signedFetch({ fetch: inner })('http://node1.example/', {
      method: 'POST',
      redirect: 'follow',
      keepalive: true,
    })
    expect(seen).toMatchObject({ redirect: 'manual', keepalive: true })
  })
})

describe('createSigningFetch bound to an origin', () => {
  it('signs for that origin', async () => {
    const { url, received } = await startNode()
    const bound = signedFetch({ origin: new URL('/v1', url).href })
    await bound(url, { method: 'POST', body: BODIES.plain })
    expect(received).toHaveLength(1)
  })

  it('refuses every other origin before it signs', async () => {
    const { url, received } = await startNode()
    let signatures = 0
    const sign = (digest: Uint8Array) => {
      signatures++
      return signer.sign(digest)
    }
    const bound = signedFetch({ signer: { ...signer, sign }, origin: 'http://node1.example:8000' })
    await expect(bound(`${url}?key=secret`, { method: 'POST' })).rejects.toMatchObject({
      name: 'GonkaClientError',
      code: 'host-refused',
      field: 'url',
      message: expect.not.stringContaining('secret'),
    })
    expect(received).toHaveLength(0)
    expect(signatures).toBe(0)
  })

  it.each(['https://127.0.0.1', 'http://localhost', 'http://127.0.0.1:1'])(
    'takes %s for another origin',
    async (origin) => {
      const { url } = await startNode()
      await expect(signedFetch({ origin })(url)).rejects.toMatchObject({ code: 'host-refused' })
    },
  )
})

describe('createSigningFetch with bad options', () => {
  it.each<[string, string, object]>([
    ['client-invalid', 'signer', { signer: undefined }],
    ['client-invalid', 'signer', { signer: KEYS.K1.privateKey }],
    ['address-invalid', 'signer.address', { signer: { ...signer, address: 'gonka1' } }],
    ['address-invalid', 'transferAddress', { transferAddress: '' }],
    ['address-invalid', 'transferAddress', { transferAddress: undefined }],
    ['config-invalid', 'scheme', { scheme: 'v3' }],
    ['url-invalid', 'origin', { origin: 'node1.example:8000' }],
    ['url-invalid', 'origin', { origin: 'http://user:pass@node1.example' }],
  ])('throws %s for %s', (code, field, change) => {
    expect(() => signedFetch(change)).toThrow(expect.objectContaining({ code, field }))
  })
})

function signedFetch(change: Partial<SigningFetchOptions> = {}): FetchLike {
  const clock: Clock = { nowNs: () => TIMESTAMP_NS, resync: async () => {} }
  return createSigningFetch({ signer, transferAddress: TA1, clock, ...change })
}

/** Made as users make it: with the default clock. */
function freshFetch(): FetchLike {
  return createSigningFetch({ signer, transferAddress: TA1 })
}

async function startNode(
  status = 200,
  body: unknown = { ok: true },
): Promise<{ url: string; received: readonly ReceivedRequest[] }> {
  const { origin, received } = await startServer(answerJson(status, body))
  return { url: `${origin}/v1/chat/completions`, received }
}

function isAccepted({ headers, body }: ReceivedRequest): boolean {
  const parts = { body, timestamp: String(headers['x-timestamp']), transferAddress: TA1 }
  return isAcceptedByNode(String(headers.authorization), KEYS.K1.publicKey, parts)
}
