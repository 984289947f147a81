import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { createSigningFetch, type SigningFetchOptions } from './create-signing-fetch.ts'
import { KEYS, TA1 } from './fixtures/signature-vectors.ts'
import { answerJson, answerNever, startServer } from './fixtures/start-server.ts'
import type { FetchLike } from './types.ts'

const REASON = new Error('the caller has left')
const signer = createSigner(KEYS.K1.privateKey)

describe('an abort', () => {
  it('before the call sends nothing', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const call = signedFetch()(origin, { method: 'POST', signal: AbortSignal.abort(REASON) })
    await expect(call).rejects.toBe(REASON)
    expect(received).toHaveLength(0)
  })

  it('before the call leaves the body unread', async () => {
    const request = new Request('http://node1.example/', { method: 'POST', body: 'x' })
    await expect(signedFetch()(request, { signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON)
    expect(request.bodyUsed).toBe(false)
  })

  it('while the body is read', async () => {
    const abort = new AbortController()
    const body = new ReadableStream({ pull: () => abort.abort(REASON) })
    const call = signedFetch()('http://node1.example/', { method: 'POST', body, signal: abort.signal })
    await expect(call).rejects.toBe(REASON)
  })

  it('while the signer thinks', async () => {
    const { origin, received } = await startServer(answerJson(200, {}))
    const abort = new AbortController()
    const slow = { ...signer, sign: abortThenHang(abort) }
    const call = signedFetch({ signer: slow })(origin, { method: 'POST', signal: abort.signal })
    await expect(call).rejects.toBe(REASON)
    expect(received).toHaveLength(0)
  })

  it('while the node thinks', async () => {
    const abort = new AbortController()
    const { origin } = await startServer(() => abort.abort(REASON))
    const call = signedFetch()(origin, { method: 'POST', signal: abort.signal })
    await expect(call).rejects.toBe(REASON)
  })

  it('given in a Request', async () => {
    const abort = new AbortController()
    const { origin } = await startServer(() => abort.abort(REASON))
    const call = signedFetch()(new Request(origin, { method: 'POST', body: 'x', signal: abort.signal }))
    await expect(call).rejects.toBe(REASON)
  })

  it('while an inner fetch that knows no signals hangs', async () => {
    const abort = new AbortController()
    const call = signedFetch({ fetch: abortThenHang(abort) })('http://node1.example/', {
      method: 'POST',
      signal: abort.signal,
    })
    await expect(call).rejects.toBe(REASON)
  })

  it('while the body of a refusal hangs', async () => {
    const abort = new AbortController()
    const { origin } = await startServer((response) => {
      response.writeHead(400).write('signature', () => setImmediate(() => abort.abort(REASON)))
    })
    const call = signedFetch()(origin, { method: 'POST', signal: abort.signal })
    await expect(call).rejects.toBe(REASON)
  })

  it('while the clock measures reaches the clock, and nothing is sent again', async () => {
    const { origin, received } = await startServer(answerJson(400, { error: 'signature is too old' }))
    const abort = new AbortController()
    let seen: AbortSignal | undefined
    const resync = (signal?: AbortSignal) => {
      seen = signal
      abort.abort(REASON)
      return new Promise<never>(() => {})
    }
    const call = signedFetch({ clock: { nowNs: () => 1n, resync } })(origin, { method: 'POST', signal: abort.signal })
    await expect(call).rejects.toBe(REASON)
    expect(seen?.aborted).toBe(true)
    expect(received).toHaveLength(1)
  })

  it('after the headers ends the stream with its reason', async () => {
    const { origin } = await startServer((response) => response.writeHead(200).write('first'))
    const abort = new AbortController()
    const response = await signedFetch()(origin, { method: 'POST', signal: abort.signal })
    const reader = response.body!.getReader()
    await reader.read()
    abort.abort(REASON)
    await expect(reader.read()).rejects.toBe(REASON)
  })

  it('by a timeout rejects with TimeoutError', async () => {
    const { origin } = await startServer(answerNever)
    const call = signedFetch()(origin, { method: 'POST', signal: AbortSignal.timeout(20) })
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

function abortThenHang(abort: AbortController): () => Promise<never> {
  return () => {
    abort.abort(REASON)
    return new Promise(() => {})
  }
}

function signedFetch(change: Partial<SigningFetchOptions> = {}): FetchLike {
  return createSigningFetch({ signer, transferAddress: TA1, ...change })
}
