import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { EndpointDiscovery } from './endpoint-discovery.ts'
import { participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { type Answer, json, startServer, text } from './fixtures/server.ts'

const BUNDLE = toShapeA({ epochId: 7, participants: [participant(1)] })
const MEBIBYTE = 1024 * 1024

async function failureOf(answer: Answer, options = {}): Promise<Error & Record<string, unknown>> {
  const server = await startServer(answer)
  const { discovery } = createDiscovery({ sourceUrl: server.url, retryCount: 0, ...options })
  const error = await rejectionOf(discovery.discover())
  expect(error.name).toBe('GonkaDiscoveryError')
  expect(error.message).toContain(server.url)
  expect(error.sourceUrl).toBe(server.url)
  return error
}

describe('answers that are not a list', () => {
  test('HTML asks whether this is a node', async () => {
    const error = await failureOf(text('\n<!doctype html><title>Explorer</title>', { type: 'text/html' }))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200 })
    expect(error.message).toContain('answered HTML, is this a node?')
  })

  test('truncated JSON says that it was cut off', async () => {
    const error = await failureOf(text(JSON.stringify(BUNDLE).slice(0, -20), { type: 'application/json' }))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200 })
    expect(error.message).toContain('not JSON, or were cut off')
  })

  test.each([
    ['', 'answered 0 characters'],
    ['[['.repeat(500_000), 'answered 1000000 characters'],
  ])('an empty or absurd body is an invalid answer', async (body, message) => {
    const error = await failureOf(text(body))
    expect(error.code).toBe('discovery-answer-invalid')
    expect(error.message).toContain(message)
  })

  test.each([
    [null, 'the answer must be Object'],
    [5, 'the answer must be Object'],
    [[], 'active_participants is missing'],
    [{ error: 'x' }, 'active_participants is missing'],
    [{ active_participants: null }, 'active_participants must be Object'],
    [{ active_participants: { participants: {} } }, 'active_participants.participants must be Array'],
    [{ active_participants: { participants: [], epoch_id: 'seven' } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [], epoch_id: 1.5 } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [], epoch_id: '9007199254740993' } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [], epoch_id: -1 } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [] } }, 'active_participants.epoch_id'],
    [{ active_participants: { epoch_id: 1 }, excluded_participants: {} }, 'excluded_participants must be Array'],
  ])('the wrong shape %j names the field', async (answer, message) => {
    const error = await failureOf(json(answer))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200 })
    expect(error.message).toContain(message)
  })
})

describe('answers that are too large', () => {
  test('20 MB are refused', async () => {
    const error = await failureOf(text(' '.repeat(20_000_000)))
    expect(error).toMatchObject({ code: 'discovery-answer-too-large', statusCode: 200 })
    expect(error.message).toContain('more than 8388608 bytes; raise maxResponseBytes')
  })

  test('an endless answer is cut at the limit', async () => {
    const endless: Answer = (_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      }
      response.on('drain', pour)
      pour()
    }
    const error = await failureOf(endless, { maxResponseBytes: MEBIBYTE, timeoutMs: 60_000 })
    expect(error.code).toBe('discovery-answer-too-large')
  })

  test('bytes are counted after decompression', async () => {
    const bomb = gzipSync(new Uint8Array(20_000_000))
    expect(bomb.length).toBeLessThan(50_000)
    const error = await failureOf((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(bomb)
    })
    expect(error.code).toBe('discovery-answer-too-large')
  })

  test('a length header that lies changes nothing', async () => {
    const fetch = async (): Promise<Response> =>
      new Response(' '.repeat(2_000), { headers: { 'content-length': '10' } })
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example', fetch, maxResponseBytes: 1_000 })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-answer-too-large' })
  })

  test('an announced length over the limit is refused without waiting for the answer', async () => {
    const error = await failureOf((_request, response) => {
      response.writeHead(200, { 'content-length': '20000000' })
      response.flushHeaders()
    })
    expect(error.code).toBe('discovery-answer-too-large')
  })

  test('an answer of exactly the limit is read', async () => {
    const body = JSON.stringify(BUNDLE)
    const server = await startServer(text(body))
    const options = { sourceUrl: server.url, transferAgents: [], retryCount: 0 }
    const exact = createDiscovery({ ...options, maxResponseBytes: body.length })
    expect((await exact.discovery.discover()).participants).toHaveLength(1)
    const short = createDiscovery({ ...options, maxResponseBytes: body.length - 1 })
    expect(await rejectionOf(short.discovery.discover())).toMatchObject({ code: 'discovery-answer-too-large' })
  })
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%i is refused and never followed', async (status) => {
    const target = await startServer(json(BUNDLE))
    const error = await failureOf(text('', { status, headers: { location: `${target.url}/?token=canary` } }))
    expect(error).toMatchObject({ code: 'discovery-redirected', statusCode: status })
    expect(error.message).not.toContain('canary')
    expect(target.paths).toEqual([])
  })

  test('its body is not downloaded', async () => {
    const { promise: closed, resolve } = createGate()
    await failureOf((_request, response) => {
      response.writeHead(302, { location: '/' })
      response.write('x')
      response.on('close', resolve)
    })
    await closed
  })

  test('one that the given fetch followed by itself is refused too', async () => {
    const target = await startServer(json(BUNDLE))
    const server = await startServer(text('', { status: 302, headers: { location: target.url } }))
    const fetch = (url: string, init: RequestInit): Promise<Response> =>
      globalThis.fetch(url, { ...init, redirect: 'follow' })
    const { discovery } = createDiscovery({ sourceUrl: server.url, fetch })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-redirected' })
  })
})

describe('refusals', () => {
  test('the HTML of the proxy is explained', async () => {
    const error = await failureOf(text('<html><h1>503</h1></html>', { status: 503, type: 'text/html' }))
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 503 })
    expect(error.message).toContain('answered 503 with HTML: the proxy of the node refused, perhaps its rate limit')
  })

  test('a long or hostile reason is shortened and escaped', async () => {
    const error = await failureOf(json({ error: `line\n\u001b[31m${'x'.repeat(5_000)}` }, 500))
    expect(error.message.length).toBeLessThan(500)
    expect(error.message).not.toMatch(/\p{Cc}/u)
  })

  test('a reason that breaks off does not hide the status', async () => {
    const error = await failureOf((request, response) => {
      response.writeHead(429, { 'content-length': '1000' })
      response.write('{"error":', () => request.socket.destroy())
    })
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 429 })
  })

  test('an endless reason does not hold the call', async () => {
    const error = await failureOf((_request, response) => {
      response.writeHead(500)
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', pour)
      pour()
    })
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 500 })
  })
})

describe('transport', () => {
  test('a refused connection names the code of the platform', async () => {
    const port = await closedPort()
    const { discovery } = createDiscovery({ sourceUrl: `http://127.0.0.1:${port}`, retryCount: 0 })
    const error = await rejectionOf(discovery.discover())
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: undefined })
    expect(error.message).toContain('could not be reached, or broke off its answer (ECONNREFUSED)')
    expect(error.cause).toBeInstanceOf(TypeError)
  })

  test.each([
    ['before the headers', ((request) => void request.socket.destroy()) as Answer],
    [
      'in the middle of the answer',
      ((request, response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"active_', () => request.socket.destroy())
      }) as Answer,
    ],
  ])('a connection that breaks %s is a failure of the source', async (_name, answer) => {
    expect(await failureOf(answer)).toMatchObject({ code: 'discovery-failed' })
  })

  test.each([['ENOTFOUND with spaces'], [5], [undefined]])('an odd error code %j is left out', async (code) => {
    const fetch = (): Promise<Response> => Promise.reject(Object.assign(new Error('boom canary'), { code }))
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example', fetch, retryCount: 0 })
    const error = await rejectionOf(discovery.discover())
    expect(error.message).toContain('broke off its answer (GET')
    expect(error.message).not.toContain('canary')
  })

  test.each([
    ['of a browser, which says nothing more', new TypeError('Failed to fetch'), true],
    ['with a code', Object.assign(new TypeError('canary'), { code: 'ECONNRESET' }), false],
    ['with a cause', new TypeError('fetch failed', { cause: new Error('bad port') }), false],
    ['with an odd code', Object.assign(new TypeError('canary'), { code: 'ConnectionRefused' }), false],
    ['of another kind', new Error('Failed to fetch'), false],
  ])('a failure %s: CORS and its cure are named or not', async (_name, thrown, namesCors) => {
    const fetch = (): Promise<Response> => Promise.reject(thrown)
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example', fetch, retryCount: 0 })
    const { message } = await rejectionOf(discovery.discover())
    expect(message.includes('does not allow the page (CORS)')).toBe(namesCors)
    expect(message.includes('use a sourceUrl that answers with Access-Control-Allow-Origin')).toBe(namesCors)
    expect(message).not.toContain('canary')
  })

  test('whatever the given fetch throws becomes an error with a code', async () => {
    for (const thrown of [undefined, null, 'text', Object.create(null)]) {
      const { discovery } = createDiscovery({
        sourceUrl: 'http://node.example',
        fetch: () => Promise.reject(thrown),
        retryCount: 0,
      })
      expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-failed' })
    }
  })
})

describe('time', () => {
  test.each([
    ['never answers', (() => {}) as Answer],
    [
      'stops in the middle of its answer',
      ((_request, response) => {
        response.write('{')
      }) as Answer,
    ],
    [
      'drips without end',
      ((_request, response) => {
        const drip = setInterval(() => response.write(' '), 5)
        response.on('close', () => clearInterval(drip))
      }) as Answer,
    ],
    [
      'stops in the middle of a refusal',
      ((_request, response) => {
        response.writeHead(503)
        response.write('busy')
      }) as Answer,
    ],
  ])('a source that %s is given up', async (_name, answer) => {
    const error = await failureOf(answer, { timeoutMs: 60 })
    expect(error.code).toBe('discovery-timeout')
    expect(error.message).toContain('did not answer within 60 ms; raise timeoutMs if it is only slow')
  })

  test('no timer is left behind', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const discovery = new EndpointDiscovery({
      sourceUrl: 'http://node.example',
      transferAgents: [],
      fetch: async () => Response.json(BUNDLE),
    })
    await discovery.discover()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a given fetch that ignores its signal is given up too', async () => {
    const discovery = new EndpointDiscovery({
      sourceUrl: 'http://node.example',
      fetch: () => new Promise(() => {}),
      timeoutMs: 20,
      retryCount: 0,
    })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-timeout' })
  })
})

test('no error repeats what a source may hide in its answer or URL', async () => {
  const error = await failureOf(json({ active_participants: 'canary-secret-value' }))
  expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain('canary')
})

function createGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
