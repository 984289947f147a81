import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { createSigningFetch } from './create-signing-fetch.ts'
import { KEYS, TA1 } from './fixtures/signature-vectors.ts'
import { type Answer, answerJson, type ReceivedRequest, startServer } from './fixtures/start-server.ts'
import { isAcceptedByNode } from './fixtures/verify-signature.ts'
import { refusesTimestamp } from './read-refusal.ts'
import type { Clock } from './types.ts'

const TOO_OLD = { error: 'signature is too old' }
const POST = { method: 'POST', body: '{"model":"m"}' }

describe('a refused timestamp', () => {
  it.each([
    'signature is too old',
    'signature is in the future',
    'Request timestamp is too old',
    'AuthKey has already been used for a transfer request',
    'AuthKey has already been used for an executor request',
  ])('is measured, signed and sent afresh, once: %s', async (error) => {
    const node = await startNode(answerJson(400, { error }), answerJson(200, { ok: true }))
    const response = await node.signedFetch(node.origin, POST)
    expect(await response.json()).toEqual({ ok: true })
    expect(node.calls).toEqual(['nowNs', 'resync', 'nowNs'])
    const [first, second] = node.received
    expect(node.received).toHaveLength(2)
    expect(second!.body).toEqual(first!.body)
    expect(second!.headers['x-timestamp']).toBe('2')
    expect([first!, second!].every(isAccepted)).toBe(true)
  })

  it('comes back with its body when the second attempt is refused, too', async () => {
    const node = await startNode(answerJson(400, TOO_OLD))
    const response = await node.signedFetch(node.origin, POST)
    expect([response.status, await response.json()]).toEqual([400, TOO_OLD])
    expect(node.received).toHaveLength(2)
  })

  it('is sent again even when the clock cannot measure', async () => {
    const node = await startNode(answerJson(400, TOO_OLD), answerJson(200, { ok: true }))
    node.clock.resync = () => Promise.reject(new Error('chain unreachable'))
    expect((await node.signedFetch(node.origin, POST)).status).toBe(200)
  })

  it('can be sent again when the body was a stream', async () => {
    const node = await startNode(answerJson(400, TOO_OLD), answerJson(200, { ok: true }))
    const body = new Blob(['{"model":"m"}']).stream()
    const init = { method: 'POST', body, duplex: 'half' }
    expect((await node.signedFetch(node.origin, init)).status).toBe(200)
    expect(node.received.map((request) => request.body.toString())).toEqual(['{"model":"m"}', '{"model":"m"}'])
  })

  it('lets go of the connection whose answer it no longer needs', async () => {
    let cancelled = false
    const refusal = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('signature is too old'.padEnd(4_096))),
      cancel: () => {
        cancelled = true
      },
    })
    const answers = [new Response(refusal, { status: 400 }), new Response('ok')]
    const signer = createSigner(KEYS.K1.privateKey)
    const signedFetch = createSigningFetch({ signer, transferAddress: TA1, fetch: async () => answers.shift()! })
    expect(await (await signedFetch('http://node1.example/', POST)).text()).toBe('ok')
    expect(cancelled).toBe(true)
  })

  it('is not looked for on GET', async () => {
    const node = await startNode(answerJson(400, TOO_OLD))
    const response = await node.signedFetch(node.origin)
    expect(await response.json()).toEqual(TOO_OLD)
    expect(node.received).toHaveLength(1)
  })
})

describe('another 400', () => {
  it('comes back untouched and is not sent again', async () => {
    const node = await startNode(answerJson(400, { error: 'messages is required' }))
    const response = await node.signedFetch(node.origin, POST)
    expect(await response.json()).toEqual({ error: 'messages is required' })
    expect([response.url, node.received.length]).toEqual([`${node.origin}/`, 1])
  })

  it('comes back whole when it is larger than what is looked at', async () => {
    const large = `${'x'.repeat(300_000)}signature is too old`
    const node = await startNode((response) => response.writeHead(400).end(large))
    const response = await node.signedFetch(node.origin, POST)
    expect(await response.text()).toBe(large)
    expect(node.received).toHaveLength(1)
  })

  it('comes back when it has no body', async () => {
    const node = await startNode((response) => response.writeHead(400).end())
    const response = await node.signedFetch(node.origin, POST)
    expect([response.status, await response.text()]).toEqual([400, ''])
  })

  it('comes back when its body breaks off, and breaks off there', async () => {
    const node = await startNode((response) => {
      response.writeHead(400, { 'content-length': '100' }).write('signature is', () => response.destroy())
    })
    const response = await node.signedFetch(node.origin, POST)
    expect(response.status).toBe(400)
    await expect(response.text()).rejects.toThrow()
    expect(node.received).toHaveLength(1)
  })
})

describe('refusesTimestamp', () => {
  it('looks at 400 only', async () => {
    expect(await refusesTimestamp(new Response('signature is too old', { status: 400 }))).toBe(true)
    expect(await refusesTimestamp(new Response('signature is too old', { status: 401 }))).toBe(false)
    expect(await refusesTimestamp(new Response(null, { status: 400 }))).toBe(false)
  })

  it('finds the text when it comes in pieces', async () => {
    const pieces = ['{"error":"signature is ', 'too', ' old"}'].map((text) => new TextEncoder().encode(text))
    const body = new ReadableStream({
      pull: (controller) => {
        const piece = pieces.shift()
        if (piece) controller.enqueue(piece)
        else controller.close()
      },
    })
    expect(await refusesTimestamp(new Response(body, { status: 400 }))).toBe(true)
  })

  it('does not read an endless body', async () => {
    let pulls = 0
    const body = new ReadableStream({
      pull: (controller) => {
        pulls++
        controller.enqueue(new Uint8Array(4_096))
      },
    })
    expect(await refusesTimestamp(new Response(body, { status: 400 }))).toBe(false)
    expect(pulls).toBeLessThan(10)
  })
})

async function startNode(...answers: Answer[]) {
  const server = await startServer(...answers)
  const calls: string[] = []
  let last = 0n
  const clock: Clock = {
    nowNs: () => {
      calls.push('nowNs')
      return ++last
    },
    resync: async () => void calls.push('resync'),
  }
  const signedFetch = createSigningFetch({ signer: createSigner(KEYS.K1.privateKey), transferAddress: TA1, clock })
  return { ...server, calls, clock, signedFetch }
}

function isAccepted({ headers, body }: ReceivedRequest): boolean {
  const parts = { body, timestamp: String(headers['x-timestamp']), transferAddress: TA1 }
  return isAcceptedByNode(String(headers.authorization), KEYS.K1.publicKey, parts)
}
