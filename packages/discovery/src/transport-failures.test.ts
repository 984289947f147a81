import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { EndpointDiscovery } from './endpoint-discovery.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { BUNDLE, failureOf } from './fixtures/failure-of.ts'
import type { Answer } from './fixtures/server.ts'

/** Nobody listens there, and the system gives it to nobody: a port that was just closed may be somebody else's by now. */
const DEAD_URL = 'http://127.0.0.1:2'

describe('transport', () => {
  test('a refused connection names the code of the platform', async () => {
    const { discovery } = createDiscovery({ sourceUrl: DEAD_URL, retryCount: 0 })
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
