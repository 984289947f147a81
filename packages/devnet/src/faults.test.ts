import { expect, test } from 'vitest'
import { HELLO, send, sendSigned, startTestDevnet } from './fixtures/signed-request.ts'
import type { FaultSpec } from './index.ts'

const STREAM = { body: { ...HELLO, stream: true } }

test('a status comes with its body and headers, as often as it was asked for', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  node.fault({ status: 503, body: '<html>', headers: { 'content-type': 'text/html', 'retry-after': '3' }, times: 2 })
  node.fault({ status: 500, times: 1 })
  const first = await sendSigned(devnet, node)
  expect(first).toMatchObject({ status: 503, text: '<html>' })
  expect([first.headers.get('content-type'), first.headers.get('retry-after')]).toEqual(['text/html', '3'])
  expect((await sendSigned(devnet, node)).status).toBe(503)
  expect(await sendSigned(devnet, node)).toMatchObject({ status: 500, text: '{"error":"injected fault"}' })
  expect((await sendSigned(devnet, node)).status).toBe(200)
  expect(node.served).toBe(1)
  expect(devnet.node(1).requests).toEqual([])
})

test('a fault stays until it is cleared, and hits chat alone unless told otherwise', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  const discover = () => send(`${node.url}/v1/epochs/current/participants`)
  node.fault({ status: 500 })
  expect((await discover()).status).toBe(200)
  expect((await sendSigned(devnet, node)).status).toBe(500)
  expect((await sendSigned(devnet, node)).status).toBe(500)
  node.clearFault()
  node.fault({ status: 502, path: 'discovery' })
  expect((await discover()).status).toBe(502)
  expect((await sendSigned(devnet, node)).status).toBe(200)
  node.clearFault()
  node.fault({ status: 504, path: 'all', times: 2 })
  expect((await send(`${node.url}/v1/status`)).status).toBe(504)
  expect((await discover()).status).toBe(504)
  expect((await discover()).status).toBe(200)
  expect(() => node.fault({ hang: true, times: 0 })).toThrow(RangeError)
  expect(() => node.fault({ path: 'all' } as FaultSpec)).toThrow(TypeError)
})

test('reset breaks the connection before an answer', async () => {
  const devnet = await startTestDevnet()
  devnet.node(0).fault({ reset: true, times: 1 })
  await expect(sendSigned(devnet, devnet.node(0))).rejects.toThrow()
  expect((await sendSigned(devnet, devnet.node(0))).status).toBe(200)
  expect(devnet.node(0).requests.map(({ status }) => status)).toEqual([undefined, 200])
})

test('hang lasts until the client gives up', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  node.fault({ hang: true, path: 'all', times: 1 })
  const controller = new AbortController()
  const hanging = send(`${node.url}/v1/status`, { signal: controller.signal })
  await expect.poll(() => node.requests.length).toBe(1)
  controller.abort(new Error('enough'))
  await expect(hanging).rejects.toThrow('enough')
  expect((await send(`${node.url}/v1/status`)).status).toBe(200)
})

test('delay answers as usual, later', async () => {
  const devnet = await startTestDevnet()
  devnet.node(0).fault({ delayMs: 30 })
  const startedMs = performance.now()
  expect((await sendSigned(devnet, devnet.node(0))).status).toBe(200)
  expect(performance.now() - startedMs).toBeGreaterThan(28)
})

test('cut ends a stream after so many events, and an answer in its middle', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  node.fault({ cutAfterEvents: 3, path: 'all' })
  await expect(sendSigned(devnet, node, STREAM)).rejects.toThrow('terminated')
  await expect(sendSigned(devnet, node)).rejects.toThrow('terminated')
  await expect(send(`${node.url}/v1/epochs/current/participants`)).rejects.toThrow('terminated')
  expect(node.served).toBe(0)
})

test('what was said before the cut arrives', async () => {
  const devnet = await startTestDevnet({ mode: 'gateway' })
  devnet.node(0).fault({ cutAfterEvents: 3 })
  const headers = { authorization: `Bearer ${devnet.apiKey}` }
  const body = JSON.stringify(STREAM.body)
  const response = await fetch(`${devnet.url}/v1/chat/completions`, { method: 'POST', headers, body })
  let text = ''
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  })()
  await expect(reading).rejects.toThrow('terminated')
  expect(text.match(/^data: /gm)).toHaveLength(3)
})

test('an early end is clean: no [DONE], and whatever text was asked for', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  node.fault({ endAfterEvents: 3, text: 'dial tcp: connection refused\n', times: 1 })
  const { status, text } = await sendSigned(devnet, node, STREAM)
  expect(status).toBe(200)
  expect(text.match(/^data: /gm)).toHaveLength(3)
  expect(text.endsWith('\n\ndial tcp: connection refused\n')).toBe(true)
  node.fault({ endAfterEvents: 0, times: 1 })
  const half = await sendSigned(devnet, node)
  expect(() => JSON.parse(half.text)).toThrow(SyntaxError)
  expect(node.served).toBe(0)
})

test.each<[string, string, unknown]>([
  ['RangeError', 'delayMs', { delayMs: Number.NaN }],
  ['RangeError', 'delayMs', { delayMs: -1 }],
  ['RangeError', 'delayMs', { delayMs: 2 ** 31 }],
  ['RangeError', 'status', { status: 0 }],
  ['RangeError', 'status', { status: 101 }],
  ['RangeError', 'status', { status: 1_000 }],
  ['RangeError', 'status', { status: '503' }],
  ['RangeError', 'cutAfterEvents', { cutAfterEvents: -1 }],
  ['RangeError', 'endAfterEvents', { endAfterEvents: Number.NaN }],
  ['RangeError', 'times', { hang: true, times: 0 }],
  ['TypeError', 'path', { hang: true, path: '/v1/models' }],
  ['TypeError', 'body', { status: 500, body: 5n }],
  ['TypeError', 'body', { status: 500, body: () => 'late' }],
  ['TypeError', 'headers', { status: 500, headers: { 'two\nlines': 'x' } }],
  ['TypeError', 'headers', { status: 500, headers: { 'x-a': 'two\nlines' } }],
  ['TypeError', 'fault', { path: 'all' }],
])('a fault that no node can do throws %s for %s', async (name, field, spec) => {
  const devnet = await startTestDevnet({ participants: 1 })
  const set = () => devnet.node(0).fault(spec as FaultSpec)
  expect(set).toThrow(expect.objectContaining({ name, message: expect.stringMatching(`^${field} `) }))
  expect((await sendSigned(devnet, devnet.node(0))).status).toBe(200)
})

test('garbage is 200 and no JSON', async () => {
  const devnet = await startTestDevnet()
  devnet.node(0).fault({ garbage: true })
  const { status, text } = await sendSigned(devnet, devnet.node(0))
  expect(status).toBe(200)
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
})

test('a killed node refuses connections, breaks streams, and comes back on its port with its counters', async () => {
  const devnet = await startTestDevnet({ tokenDelayMs: 60_000 })
  const node = devnet.node(0)
  const { url } = node
  const streaming = sendSigned(devnet, node, STREAM)
  const broken = expect(streaming).rejects.toThrow('terminated')
  await expect.poll(() => node.requests[0]?.status).toBe(200)
  await Promise.all([node.kill(), node.kill()])
  await broken
  await expect(send(`${url}/v1/status`)).rejects.toThrow()
  await node.restart()
  await node.restart()
  expect(node.url).toBe(url)
  expect((await send(`${url}/v1/status`)).status).toBe(200)
  expect(node.requests).toHaveLength(2)
})
