import { type Logger, Router } from '@multiplexer/core/router'
import { expect, test } from 'vitest'
import { answering, brokerAnswering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { registerGonkaModels } from '../register-gonka-models.ts'
import type { RegisterGonkaModelsOptions } from '../types.ts'

const KEY = `${'00'.repeat(31)}01`
const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'
const CHAT = { choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }] }
const SERVING = brokerAnswering(answering(200, CHAT, { 'content-type': 'application/json' }))

/** A server whose script can be replaced. */
async function startScripted(first: Script) {
  const state = { script: first }
  const server = await startServer((request, response) => state.script(request, response))
  const listings = (): number => server.seen.filter(({ url }) => url?.endsWith('/models')).length
  return { ...server, state, listings }
}

/** A promise, and what resolves it. */
function createGate<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function complete(router: Router, model: string): Promise<Response> {
  const messages = [{ role: 'user', content: 'Hello' }]
  return router.fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model, messages }) })
}

/** A logger, and a promise of its first line that holds a text. */
function awaitLine(text: string): { logger: Logger; line: Promise<void> } {
  const { promise: line, resolve } = createGate<void>()
  const hear = (message: string): void => void (message.includes(text) && resolve())
  return { logger: { debug: hear, info: hear, warn: hear, error: hear }, line }
}

function register(router: Router, options: RegisterGonkaModelsOptions) {
  return registerGonkaModels(router, { env: {}, ...options })
}

test('a broker that did not list its models is asked again by requests, once a minute, until it does', async () => {
  const broker = await startScripted(answering(503, 'busy'))
  const router = new Router()
  let nowMs = 1_000_000
  const { logger, line } = awaitLine('the models of a broker are known now')
  await register(router, { brokers: [{ url: `${broker.url}/v1`, apiKey: 'k' }], now: () => nowMs, logger })
  broker.state.script = SERVING
  nowMs += 59_999
  expect((await complete(router, 'auto')).status).toBe(404)
  expect((await complete(router, 'any-model')).status).toBe(200)
  expect(broker.listings()).toBe(1)
  nowMs += 1
  expect((await complete(router, 'auto')).status).toBe(404)
  await line
  expect((await complete(router, 'any-model')).status).toBe(404)
  expect((await complete(router, 'auto')).status).toBe(200)
  nowMs += 600_000
  expect((await complete(router, 'auto')).status).toBe(200)
  expect(broker.listings()).toBe(2)
})

test('a broker that was taken out while it was asked again stays out', async () => {
  const broker = await startScripted(answering(503, 'busy'))
  const router = new Router()
  let nowMs = 1_000_000
  const { brokers } = await register(router, {
    brokers: [{ url: `${broker.url}/v1`, apiKey: 'k' }],
    now: () => nowMs,
  })
  const { promise: asked, resolve } = createGate<() => void>()
  broker.state.script = (request, response) => {
    if (!request.url?.endsWith('/models')) return SERVING(request, response)
    resolve(() => SERVING(request, response))
  }
  nowMs += 60_000
  await complete(router, 'any-model')
  const answer = await asked
  router.removeModel(brokers[0]?.name ?? '')
  const { promise: looked, resolve: look } = createGate<void>()
  router.hasModel = () => {
    setImmediate(look)
    return false
  }
  answer()
  await looked
  expect(Object.keys(router.getStats().members)).toEqual([])
})

test('silent brokers and silent endpoints are waited for at the same time', async () => {
  const seen: string[] = []
  const { promise: bothAsked, resolve } = createGate<void>()
  const fetch = (input: unknown): Promise<Response> => {
    seen.push(new URL(String(input)).host)
    if (new Set(seen).size === 2) resolve()
    return bothAsked.then(() => Response.json({ data: [{ id: 'm' }] }))
  }
  const { modelsRegistered } = await register(new Router(), {
    privateKey: KEY,
    endpoints: [`http://node.example;${ADDRESS}`],
    brokers: [{ url: 'http://broker.example/v1', apiKey: 'k' }],
    fetch,
  })
  expect([modelsRegistered, [...seen].sort()]).toEqual([2, ['broker.example', 'node.example']])
})

test('a registration that fails ends the question to a silent broker', async () => {
  const { promise: ended, resolve } = createGate<void>()
  const fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    if (!String(input).includes('broker.example')) return Response.json({ active_participants: { epoch_id: 7 } })
    init?.signal?.addEventListener('abort', () => resolve())
    return new Promise(() => undefined)
  }
  const registering = register(new Router(), {
    privateKey: KEY,
    sourceUrl: 'http://node.example',
    verifyProofs: true,
    trust: 'first-use',
    chainId: 'chain',
    brokers: [{ url: 'http://broker.example/v1', apiKey: 'k' }],
    fetch,
  })
  await expect(registering).rejects.toMatchObject({ name: 'GonkaProofVerificationError' })
  await ended
})
