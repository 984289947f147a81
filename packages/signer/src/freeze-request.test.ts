import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { createSigningFetch } from './create-signing-fetch.ts'
import { BODIES, KEYS, TA1 } from './fixtures/signature-vectors.ts'
import { answerJson, type ReceivedRequest, startServer } from './fixtures/start-server.ts'
import { isAcceptedByNode } from './fixtures/verify-signature.ts'
import { freezeRequest } from './freeze-request.ts'

const BYTES = new TextEncoder().encode(BODIES.whitespaceAndEscapes)
const signedFetch = createSigningFetch({ signer: createSigner(KEYS.K1.privateKey), transferAddress: TA1 })

describe('a body', () => {
  const bodies: readonly (readonly [string, () => BodyInit])[] = [
    ['a string', () => BODIES.whitespaceAndEscapes],
    ['bytes', () => BYTES],
    ['a view into larger bytes', () => Uint8Array.of(9, ...BYTES, 9).subarray(1, -1)],
    ['an ArrayBuffer', () => BYTES.buffer],
    ['a DataView', () => new DataView(BYTES.buffer)],
    ['a Blob', () => new Blob([BYTES])],
    ['a stream', () => new Blob([BYTES]).stream()],
  ]

  it.each(bodies)('given as %s is signed and sent byte for byte', async (_, body) => {
    const { origin, received } = await startServer(answerJson(200, {}))
    await signedFetch(origin, { method: 'POST', body: body(), headers: { 'content-type': 'application/json' } })
    expect(received[0]!.body.toString()).toBe(BODIES.whitespaceAndEscapes)
    expect(received[0]!.headers['content-type']).toBe('application/json')
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('given as a form is signed with the boundary that is sent', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const form = new FormData()
    form.set('file', new Blob(['abc'], { type: 'text/plain' }), 'a.txt')
    await signedFetch(origin, { method: 'POST', body: form })
    const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(received[0]!.headers['content-type'] ?? '') ?? []
    expect(received[0]!.body.toString()).toContain(`--${boundary}`)
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('given as search parameters brings its content type', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    await signedFetch(origin, { method: 'POST', body: new URLSearchParams({ a: 'ü b' }) })
    expect(received[0]!.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(received[0]!.body.toString()).toBe('a=%C3%BC+b')
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('given in a Request is taken with its method, headers and URL', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const headers = { 'content-type': 'application/json', 'x-kept': 'yes', authorization: 'Bearer secret' }
    await signedFetch(new Request(`${origin}/v1/x?y=1`, { method: 'POST', headers, body: BODIES.nonAscii }))
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/x?y=1', headers: { 'x-kept': 'yes' } })
    expect(received[0]!.body.toString()).toBe(BODIES.nonAscii)
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('in the options goes before the one of a Request', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const request = new Request(origin, { method: 'POST', body: 'first', headers: { 'x-kept': 'no' } })
    await signedFetch(request, { body: 'second', headers: { 'x-kept': 'yes' } })
    expect(received[0]).toMatchObject({ headers: { 'x-kept': 'yes' } })
    expect(received[0]!.body.toString()).toBe('second')
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('changed by the caller after the call is sent as it was', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const body = Uint8Array.from(BYTES)
    const call = signedFetch(origin, { method: 'POST', body })
    body.fill(0)
    await call
    expect(received[0]!.body.toString()).toBe(BODIES.whitespaceAndEscapes)
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('whose stream fails fails the call', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('disk gone')) })
    const call = signedFetch('http://node1.example/', { method: 'POST', body })
    await expect(call).rejects.toThrow('disk gone')
  })

  it.each(['GET', 'HEAD'])('on %s is refused', async (method) => {
    const call = signedFetch('http://node1.example/', { method, body: 'x' })
    await expect(call).rejects.toMatchObject({ code: 'request-unsupported', field: 'body' })
  })
})

describe('a Request of another copy of the platform, such as that of the package undici or a test environment', () => {
  it('is taken with its method, headers, body and signal', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const own = new Request(`${origin}/v1/x`, { method: 'POST', headers: { 'x-kept': 'yes' }, body: BODIES.nonAscii })
    await signedFetch(asForeign(own))
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/x', headers: { 'x-kept': 'yes' } })
    expect(received[0]!.body.toString()).toBe(BODIES.nonAscii)
    expect(isAccepted(received[0]!)).toBe(true)
  })

  it('may be aborted', async () => {
    const reason = new Error('no longer wanted')
    const request = new Request('http://node1.example/', { signal: AbortSignal.abort(reason) })
    await expect(signedFetch(asForeign(request))).rejects.toBe(reason)
  })
})

describe('options', () => {
  it('may be null, as fetch has it', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    await signedFetch(origin, null as never)
    expect(received).toMatchObject([{ method: 'GET' }])
  })

  it.each(['Bearer hunter2\nmore', 'Bearer hunter2\u0000', 'hunter2 ✓'])(
    'with the header value %j are refused without quoting it',
    async (authorization) => {
      const call = signedFetch('http://node1.example/', { method: 'POST', headers: { authorization } })
      const error: unknown = await call.catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: 'GonkaClientError', code: 'request-unsupported', field: 'headers' })
      expect(inspect(error)).not.toContain('hunter2')
    },
  )
})

describe('a URL', () => {
  it.each([
    ['relative', '/v1/models'],
    ['nothing', ''],
    ['no URL', 'http://[hunter2'],
    ['another scheme', 'ftp://node1.example/hunter2'],
    ['credentials', 'http://user:hunter2@node1.example/'],
  ])('that is %s is refused without being quoted', async (_, url) => {
    await expect(freezeRequest(url)).rejects.toMatchObject({
      name: 'GonkaClientError',
      code: 'url-invalid',
      field: 'url',
      message: expect.not.stringMatching(/hunter2|models/),
    })
  })

  it('may be a URL object', async () => {
    expect((await freezeRequest(new URL('http://node1.example/v1'))).url).toBe('http://node1.example/v1')
  })
})

/** The same request, as an object whose class this platform does not know. */
function asForeign(request: Request): Request {
  const { url, method, headers, body, signal } = request
  return { url, method, headers, body, signal, arrayBuffer: () => request.arrayBuffer() } as Request
}

function isAccepted({ headers, body }: ReceivedRequest): boolean {
  const parts = { body, timestamp: String(headers['x-timestamp']), transferAddress: TA1 }
  return isAcceptedByNode(String(headers.authorization), KEYS.K1.publicKey, parts)
}
