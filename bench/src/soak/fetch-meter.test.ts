import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { FetchMeter } from './fetch-meter.ts'

it('counts requests until they end, connections until they close, and the places where connections were', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/answer') response.end('yes')
    if (request.url === '/stream') response.write('begin')
    if (request.url === '/reset') response.socket?.resetAndDestroy()
  })
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const meter = new FetchMeter()
  const aborter = new AbortController()
  const hanging = fetch(`${url}/hang`, { signal: aborter.signal }).catch(() => {})
  const stream = await fetch(`${url}/stream`)
  expect(await (await fetch(`${url}/answer`)).text()).toBe('yes')
  await fetch(`${url}/reset`).catch(() => {})
  expect(meter.requests).toBe(2)
  aborter.abort()
  await hanging
  await stream.body?.cancel()
  await vi.waitFor(() => expect(meter.requests).toBe(0), { timeout: 10_000 })
  server.closeAllConnections()
  await vi.waitFor(() => expect(meter.sockets).toBe(0), { timeout: 10_000 })
  // A connection is free for the next request only a turn after its answer.
  expect([3, 4]).toContain(meter.places)
})
