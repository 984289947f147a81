import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { createSigningFetch } from './create-signing-fetch.ts'
import { KEYS, TA1 } from './fixtures/signature-vectors.ts'
import { answerJson, startServer } from './fixtures/start-server.ts'
import type { FetchLike } from './types.ts'

const SECRET_PATH = '/steal?token=hunter2'

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is refused, and its target hears nothing', async (status) => {
    const target = await startServer(answerJson(200, {}))
    const node = await startServer(answerJson(status, {}, { location: target.origin + SECRET_PATH }))
    const error = await signedFetch()(node.origin, { method: 'POST', body: '{}' }).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'GonkaClientError', code: 'request-redirected' })
    expect((error as Error).message).toContain(target.origin)
    expect((error as Error).message).not.toMatch(/steal|hunter2/)
    expect([node.received.length, target.received.length]).toEqual([1, 0])
  })

  it('is refused on GET, and to another path of the same host', async () => {
    const node = await startServer(answerJson(302, {}, { location: SECRET_PATH }))
    await expect(signedFetch()(node.origin)).rejects.toMatchObject({
      code: 'request-redirected',
      message: expect.stringContaining(`redirects to ${node.origin};`),
    })
    expect(node.received).toHaveLength(1)
  })

  it('is refused on the re-signed attempt', async () => {
    const node = await startServer(
      answerJson(400, { error: 'signature is too old' }),
      answerJson(307, {}, { location: 'http://elsewhere.example/' }),
    )
    const call = signedFetch()(node.origin, { method: 'POST', body: '{}' })
    await expect(call).rejects.toMatchObject({ code: 'request-redirected' })
  })

  it.each(['http://[', 'javascript:alert(1)', 'data:text/plain,hunter2', ''])('to %j is refused', async (location) => {
    const inner: FetchLike = async () => new Response(null, { status: 302, headers: { location } })
    const call = signedFetch(inner)('http://node1.example/')
    await expect(call).rejects.toMatchObject({ message: expect.not.stringMatching(/hunter2|alert/) })
  })

  it('that a fetch of the caller’s followed is refused: the answer is not the node’s', async () => {
    const inner: FetchLike = async () =>
      Object.defineProperties(Response.json({}), {
        redirected: { value: true },
        url: { value: `http://elsewhere.example${SECRET_PATH}` },
      })
    await expect(signedFetch(inner)('http://node1.example/')).rejects.toMatchObject({
      code: 'request-redirected',
      message: expect.stringContaining('http://node1.example redirects to http://elsewhere.example;'),
    })
  })

  it('is refused when the platform hides it', async () => {
    const inner: FetchLike = async () => Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })
    await expect(signedFetch(inner)('http://node1.example/')).rejects.toMatchObject({ code: 'request-redirected' })
  })
})

describe('a 3xx that is no redirect', () => {
  it('is handed over: a gateway that was switched off answers 308 without Location', async () => {
    const body = { status: 308, message: 'moved', new_url: 'https://new.example' }
    const node = await startServer(answerJson(308, body))
    const response = await signedFetch()(node.origin, { method: 'POST', body: '{}' })
    expect([response.status, await response.json()]).toEqual([308, body])
  })
})

function signedFetch(inner?: FetchLike): FetchLike {
  return createSigningFetch({ signer: createSigner(KEYS.K1.privateKey), transferAddress: TA1, fetch: inner })
}
