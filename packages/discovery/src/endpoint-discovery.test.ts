import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { GonkaDiscoveryError } from '@gonka/protocol'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { EndpointDiscovery } from './endpoint-discovery.ts'
import { address, participant, toShapeA, toShapeB } from './fixtures/bundles.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { type Answer, json, node, startServer, text } from './fixtures/server.ts'

const EPOCH = { epochId: 7, participants: [participant(1), participant(2), participant(3)] }

describe('discover', () => {
  test.each([
    ['shape A', toShapeA(EPOCH)],
    ['shape B', toShapeB(EPOCH)],
  ])('finds the participants of the current epoch in %s', async (_name, bundle) => {
    const server = await startServer(node({ participants: json(bundle) }))
    const result = await new EndpointDiscovery({ sourceUrl: server.url }).discover()
    expect(result).toEqual({
      epochId: 7,
      sourceUrl: server.url,
      trust: 'none',
      rejected: [],
      participants: [1, 2, 3].map((index) => ({
        address: address(index),
        inferenceUrl: `http://8.8.${index}.1:8000`,
        baseUrl: `http://8.8.${index}.1:8000/v1`,
        weight: 10 * index,
        models: ['model-a'],
        validatorKey: 'ljvRT9VScsxQKKX4S91yJRNppbz691ceD4sBYBRrAys=',
        epochId: 7,
      })),
    })
    expect(server.paths).toEqual([
      '/v1/epochs/current/participants',
      '/chain-api/productscience/inference/inference/params',
    ])
  })

  test('sends no credentials', async () => {
    const server = await startServer(node({ participants: json(toShapeA(EPOCH)) }))
    await new EndpointDiscovery({ sourceUrl: server.url }).discover()
    for (const { headers, method } of server.requests) {
      expect(method).toBe('GET')
      expect(headers.accept).toBe('application/json')
      expect(Object.keys(headers).filter((name) => /auth|cookie|x-|content/.test(name))).toEqual([])
    }
  })

  test('serves many calls at once from one instance', async () => {
    const server = await startServer(node({ participants: json(toShapeA(EPOCH)) }))
    const discovery = new EndpointDiscovery({ sourceUrl: server.url })
    const results = await Promise.all(Array.from({ length: 20 }, () => discovery.discover()))
    expect(results.map(({ participants }) => participants.length)).toEqual(Array(20).fill(3))
  })

  test('leaves no listener on the signal of the caller', async () => {
    const server = await startServer(node({ participants: json({ error: 'busy' }, 503) }))
    const { signal } = new AbortController()
    const discovery = new EndpointDiscovery({ sourceUrl: server.url, retryDelayMs: 1 })
    await rejectionOf(discovery.discover({ signal }))
    expect(server.paths).toHaveLength(4)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('discoverForEpoch', () => {
  test.each([['42'], [42], ['0042']])('asks for epoch %j by its number', async (epoch) => {
    const server = await startServer(node({ participants: json(toShapeB({ ...EPOCH, epochId: 42 })) }))
    const { discovery } = createDiscovery({ sourceUrl: server.url })
    expect((await discovery.discoverForEpoch(epoch)).epochId).toBe(42)
    expect(server.paths[0]).toBe('/v1/epochs/42/participants')
  })

  test.each([['next'], ['0'], ['-1'], [1.5], [0], [-3], [Number.NaN], [2 ** 53], ['1e3'], ['9'.repeat(17)], ['']])(
    'refuses epoch %j before any request',
    async (epoch) => {
      const server = await startServer(json({}))
      const { discovery } = createDiscovery({ sourceUrl: server.url })
      const error = await rejectionOf(discovery.discoverForEpoch(epoch))
      expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'epoch-invalid' })
      expect(error.message).toContain('epoch must be "current" or a whole number')
      expect(server.paths).toEqual([])
    },
  )

  test('does not repeat a long epoch', async () => {
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example' })
    const error = await rejectionOf(discovery.discoverForEpoch('x'.repeat(10_000)))
    expect(error.message.length).toBeLessThan(150)
  })

  test.each([[undefined], [null], [{}], [Symbol('x')], [7n]])('refuses an epoch of another type: %o', async (epoch) => {
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example' })
    const error = await rejectionOf(discovery.discoverForEpoch(epoch as unknown as string))
    expect(error).toMatchObject({ code: 'epoch-invalid' })
  })

  test('refuses the answer for another epoch', async () => {
    const server = await startServer(node({ participants: json(toShapeA({ ...EPOCH, epochId: 6 })) }))
    const { discovery } = createDiscovery({ sourceUrl: server.url, retryCount: 0 })
    const error = await rejectionOf(discovery.discoverForEpoch(7))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200, sourceUrl: server.url })
    expect(error.message).toContain('epoch_id must be 7, which was asked for; it is 6')
  })

  test('repeats what the node says about an unknown epoch', async () => {
    const reason = 'active participants not found for epoch'
    const server = await startServer(node({ participants: json({ error: reason }, 404) }))
    const { discovery } = createDiscovery({ sourceUrl: server.url })
    const error = await rejectionOf(discovery.discoverForEpoch(9_999))
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-failed', statusCode: 404 })
    expect(error.message).toContain(reason)
    expect(server.paths).toEqual(['/v1/epochs/9999/participants'])
  })
})

describe('getCurrentEpoch', () => {
  test('gives the epoch, also when nobody in it can be used', async () => {
    const server = await startServer(node({ participants: json(toShapeB({ epochId: 12, participants: [] })) }))
    expect(await createDiscovery({ sourceUrl: server.url }).discovery.getCurrentEpoch()).toBe(12)
    expect(server.paths).toEqual(['/v1/epochs/current/participants'])
  })
})

describe('abort', () => {
  test('refuses an aborted signal before any request', async () => {
    const server = await startServer(json({}))
    const reason = new Error('too late')
    const { discovery } = createDiscovery({ sourceUrl: server.url })
    const signal = AbortSignal.abort(reason)
    expect(await rejectionOf(discovery.discover({ signal }))).toBe(reason)
    expect(await rejectionOf(discovery.getCurrentEpoch({ signal }))).toBe(reason)
    expect(server.paths).toEqual([])
  })

  test.each([
    ['before the headers', (() => {}) as Answer],
    [
      'in the middle of the answer',
      ((_request, response) => {
        response.write('{"active_participants":')
      }) as Answer,
    ],
  ])('ends a hanging request at once and asks nobody else: %s', async (_name, answer) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const hanging = await startServer((request, response) => {
      answer(request, response)
      setImmediate(() => controller.abort(reason))
    })
    const other = await startServer(node({ participants: json(toShapeA(EPOCH)) }))
    const { discovery } = createDiscovery({ sourceUrls: [hanging.url, other.url] })
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
    expect([hanging.paths.length, other.paths.length]).toEqual([1, 0])
  })

  test('wakes the pause between rounds and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const controller = new AbortController()
    const reason = new Error('enough')
    const discovery = new EndpointDiscovery({
      sourceUrl: 'http://node.example',
      fetch: async () => new Response('', { status: 503 }),
      retryDelayMs: 2_000_000_000,
      random: () => {
        setImmediate(() => controller.abort(reason))
        return 1
      },
    })
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each(['/v1/epochs/', '/chain-api/'])(
    'is final whatever the reason is, also an error of ours: %s',
    async (path) => {
      const controller = new AbortController()
      const reason = new GonkaDiscoveryError('discovery-failed', 'given up')
      const urls: string[] = []
      const fetch = async (url: string): Promise<Response> => {
        urls.push(url)
        if (url.includes(path)) controller.abort(reason)
        return Response.json(toShapeA(EPOCH))
      }
      const { discovery } = createDiscovery({ sourceUrls: ['http://a.example', 'http://b.example'], fetch })
      expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
      expect(urls.filter((url) => url.startsWith('http://b.example'))).toEqual([])
    },
  )

  test('ends the call while the list of transfer agents is read', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const params: Answer = () => controller.abort(reason)
    const server = await startServer(node({ participants: json(toShapeA(EPOCH)), params }))
    const warnings: string[] = []
    const logger = { warn: (message: string) => void warnings.push(message) }
    const { discovery } = createDiscovery({ sourceUrl: server.url, logger })
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
    expect(warnings).toEqual([])
  })

  test('holds even when the given fetch ignores its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const fetch = (): Promise<Response> => {
      setImmediate(() => controller.abort(reason))
      return new Promise(() => {})
    }
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example', fetch })
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
  })
})

test('shows its sources and nothing else when it is printed', async () => {
  const discovery = new EndpointDiscovery({
    sourceUrl: 'http://node.example:8000/',
    sourceUrls: ['https://b.example/v1'],
  })
  expect(JSON.parse(JSON.stringify(discovery))).toEqual({
    sourceUrl: 'http://node.example:8000',
    sourceUrls: ['http://node.example:8000', 'https://b.example'],
    verifyProofs: false,
    timeoutMs: 30_000,
  })
  expect(inspect(discovery, { depth: 5 })).not.toContain('fetch')
})

test('works where the platform answers plain text', async () => {
  const server = await startServer(node({ participants: text(JSON.stringify(toShapeA(EPOCH))) }))
  expect((await createDiscovery({ sourceUrl: server.url }).discovery.discover()).participants).toHaveLength(3)
})
