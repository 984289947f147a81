import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createParticipant, formatAddress } from '@gonka/protocol'
import { createSigner } from '@gonka/signer'
import { expect, onTestFinished, test } from 'vitest'
import { createSigningClientFactory } from './create-signing-client-factory.ts'

const signer = createSigner(`${'00'.repeat(31)}01`)
const address = formatAddress(new Uint8Array(20).fill(7))

async function startServer(): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    request.resume().on('end', () => response.end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

test('its upstreams sign requests for their participant', async () => {
  const { url, requests } = await startServer()
  const factory = createSigningClientFactory({ signer })
  expect(factory.requesterAddress).toBe(signer.address)
  const upstream = factory.createClient(createParticipant({ address, inferenceUrl: url }))
  expect(upstream.baseURL).toBe(`${url}/v1`)
  const answer = await upstream.fetch?.(`${upstream.baseURL}/chat/completions`, { method: 'POST', body: '{}' })
  expect(answer?.status).toBe(200)
  expect(requests[0]?.url).toBe('/v1/chat/completions')
  expect(requests[0]?.headers).toMatchObject({
    authorization: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
    'x-requester-address': signer.address,
    'x-timestamp': expect.stringMatching(/^\d{19}$/),
  })
})

test('its upstreams sign for no other host', async () => {
  const [own, other] = [await startServer(), await startServer()]
  const upstream = createSigningClientFactory({ signer }).createClient(
    createParticipant({ address, inferenceUrl: own.url }),
  )
  const sent = upstream.fetch?.(`${other.url}/v1/chat/completions`, { method: 'POST', body: '{}' })
  await expect(sent).rejects.toMatchObject({ name: 'GonkaClientError', code: 'host-refused' })
  expect(other.requests).toHaveLength(0)
})

test('a wrong signer is named when the first client is made', () => {
  const factory = createSigningClientFactory({ signer: { address: signer.address } as never })
  expect(() => factory.createClient(createParticipant({ address, inferenceUrl: 'http://p.example' }))).toThrow(
    expect.objectContaining({ name: 'GonkaClientError', code: 'client-invalid' }),
  )
})
