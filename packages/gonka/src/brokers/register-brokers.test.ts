import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answering, brokerAnswering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { registerGonkaModels } from '../register-gonka-models.ts'
import type { RegisterGonkaModelsOptions } from '../types.ts'
import type { BrokerOptions } from './gonka-broker.ts'

const MODEL = 'sim/model-a'
const CALL = { model: MODEL, messages: [{ role: 'user' as const, content: 'Hello' }] }
const CHAT = { choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }] }

async function start(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet({ participants: 3, blockTimeMs: 0, ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

async function startBroker(seed = 'broker', options: Partial<BrokerOptions> = {}) {
  const gateway = await start({ mode: 'gateway', seed, participants: 1 })
  const host = new URL(gateway.url).host
  return { gateway, host, broker: { url: `${gateway.url}/v1`, apiKey: gateway.apiKey, ...options } }
}

/** Registers with what a devnet needs; whatever the test starts is stopped. */
async function register(pool: Router | Multiplexer, options: RegisterGonkaModelsOptions) {
  const result = await registerGonkaModels(pool, { allowPrivateHosts: true, env: {}, ...options })
  onTestFinished(() => result.refreshManager?.stop())
  return result
}

function signedBy(devnet: Devnet): RegisterGonkaModelsOptions {
  return { sourceUrl: devnet.url, privateKey: devnet.account.privateKey }
}

function chatsOf(devnet: Devnet) {
  return devnet.nodes.flatMap(({ requests }) => requests).filter(({ path }) => path.endsWith('/chat/completions'))
}

describe('a broker', () => {
  test('alone answers, streams included, and the result says what was registered', async () => {
    const { gateway, host, broker } = await startBroker()
    const mux = new Multiplexer()
    const result = await register(mux, { brokers: [broker] })
    expect(result).toMatchObject({
      modelsRegistered: 1,
      participants: [],
      brokers: [{ name: `gonka:broker:${host}`, url: broker.url, models: [MODEL] }],
      epochId: 0,
      requesterAddress: undefined,
      refreshManager: undefined,
    })
    const answer = await mux.chat.completions.create(CALL)
    expect(answer.choices[0]?.message.content).toBeTruthy()
    const stream = await mux.chat.completions.create({ ...CALL, stream: true })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).not.toBe('')
    expect(chatsOf(gateway).map(({ status }) => status)).toEqual([200, 200])
  })

  test('from the environment answers', async () => {
    const { broker } = await startBroker()
    const mux = new Multiplexer()
    await register(mux, { env: { GONKA_BROKERS: `${broker.url};${broker.apiKey}` } })
    expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)
  })

  test('has its weight, models, limit, name, prefix and tier', async () => {
    const { gateway, broker } = await startBroker('terms', { weight: 7, models: ['m'], maxConcurrent: 2, name: 'mine' })
    const router = new Router()
    const { brokers } = await register(router, {
      brokers: [broker],
      modelNamePrefix: 'net:',
      registerAsFallback: true,
    })
    expect(brokers).toMatchObject([{ name: 'net:broker:mine', models: ['m'] }])
    expect(router.getStats().members).toMatchObject({ 'net:broker:mine': { weight: 7, tier: 1 } })
    expect(gateway.node(0).requests).toEqual([])
  })

  test('whose models are not known serves any', async () => {
    const warnings: unknown[] = []
    const ignore = (): void => undefined
    const logger = { debug: ignore, info: ignore, error: ignore, warn: (text: string) => void warnings.push(text) }
    const { gateway, broker } = await startBroker()
    gateway.node(0).fault({ status: 503, path: 'all', times: 1 })
    const mux = new Multiplexer()
    const { brokers } = await register(mux, { brokers: [broker], logger })
    expect([brokers[0]?.models, warnings.length]).toEqual([undefined, 1])
    expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)
  })

  test('whose models are not known is never asked for a model by the name of its member', async () => {
    const { gateway, broker } = await startBroker('unlisted', { name: 'mine' })
    gateway.node(0).fault({ status: 503, path: 'all', times: 1 })
    const mux = new Multiplexer()
    await register(mux, { brokers: [broker] })
    for (const model of ['auto', 'gonka:broker:mine']) {
      const error = await mux.chat.completions.create({ ...CALL, model }).catch((reason: unknown) => reason)
      expect(String(error)).toContain('name a model in the request, or set brokers[].models')
    }
    expect(chatsOf(gateway)).toEqual([])
    expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)
  })

  test('whose models are not known leaves a request that names none to one whose models are', async () => {
    const [unlisted, listed] = [await startBroker('unlisted'), await startBroker('listed')]
    unlisted.gateway.node(0).fault({ status: 503, path: 'all', times: 1 })
    const mux = new Multiplexer({ random: () => 0 })
    await register(mux, { brokers: [unlisted.broker, listed.broker] })
    expect((await mux.chat.completions.create({ ...CALL, model: 'auto' })).choices).toHaveLength(1)
    expect([chatsOf(unlisted.gateway).length, chatsOf(listed.gateway).length]).toEqual([0, 1])
  })

  test('is out after a wrong key while the other one answers', async () => {
    const [bad, good] = [await startBroker('bad', { apiKey: 'wrong' }), await startBroker('good')]
    const mux = new Multiplexer({ random: () => 0 })
    await register(mux, { brokers: [bad.broker, good.broker] })
    for (let index = 0; index < 5; index += 1) await mux.chat.completions.create(CALL)
    expect(chatsOf(bad.gateway)).toHaveLength(1)
    expect(chatsOf(good.gateway)).toHaveLength(5)
  })

  test.each<[string, Script]>([
    ['402 in plain text', answering(402, 'Insufficient balance\n', { 'content-type': 'text/plain' })],
    ['an unsupported model', answering(400, { error: { message: 'unsupported model "sim/model-a"' } })],
    ['503 in plain text', answering(503, '{"error":{"message":"model temporarily unavailable"}}')],
    ['503 in HTML', answering(503, '<html>busy</html>', { 'content-type': 'text/html' })],
    ['502', answering(502, 'upstream model provider rejected')],
    ['308 with a new URL', answering(308, { status: 308, message: 'off', new_url: 'https://new.example/v1' })],
    ['429', answering(429, { error: { message: 'rate limit exceeded' } })],
  ])('that answers %s is replaced by another one, whose group is another', async (_, chat) => {
    const failing = await startServer(brokerAnswering(chat))
    const working = await startServer(brokerAnswering(answering(200, CHAT, { 'content-type': 'application/json' })))
    const mux = new Multiplexer({ random: () => 0, retry: { sameMember: 0 } })
    const brokers = [failing, working].map(({ url }) => ({ url: `${url}/v1`, apiKey: 'k' }))
    await register(mux, { brokers })
    const answer = await mux.chat.completions.create(CALL)
    expect(answer.choices[0]?.message.content).toBe('yes')
    expect([failing, working].map(({ seen }) => seen.length)).toEqual([2, 2])
  })

  test('whose name is taken is refused, and nothing is left behind', async () => {
    const [first, second] = [await startBroker('first'), await startBroker('second')]
    const router = new Router()
    router.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: `gonka:broker:${second.host}` })
    const registering = register(router, { brokers: [first.broker, second.broker] })
    await expect(registering).rejects.toMatchObject({ code: 'client-invalid', field: 'brokers' })
    expect(Object.keys(router.getStats().members)).toEqual([`gonka:broker:${second.host}`])
  })

  test('is taken out again when the participants beside it cannot be registered', async () => {
    const devnet = await start({ seed: 'taken' })
    const { broker } = await startBroker()
    const router = new Router()
    await register(router, signedBy(devnet))
    await expect(register(router, { ...signedBy(devnet), brokers: [broker] })).rejects.toMatchObject({
      code: 'client-invalid',
    })
    expect(Object.keys(router.getStats().members)).toHaveLength(3)
  })

  test('a timeout out of range is refused by name', async () => {
    const { broker } = await startBroker()
    const registering = register(new Router(), { brokers: [broker], discovery: { timeoutMs: -1 } })
    await expect(registering).rejects.toMatchObject({ name: 'GonkaConfigError', field: 'timeoutMs' })
  })
})

describe('a network that retired signed requests', () => {
  test('costs one 410 in all when there is a broker, and every call is answered', async () => {
    const devnet = await start({ mode: 'retired', seed: 'retired' })
    const { gateway, broker } = await startBroker()
    const mux = new Multiplexer({ random: () => 0.5 })
    const result = await register(mux, { ...signedBy(devnet), brokers: [broker] })
    expect(result).toMatchObject({ modelsRegistered: 4, requesterAddress: devnet.account.address })
    for (let index = 0; index < 20; index += 1) {
      expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)
    }
    expect(chatsOf(devnet).map(({ status }) => status)).toEqual([410])
    expect(chatsOf(gateway)).toHaveLength(20)
    await devnet.nextEpoch({ join: 1 })
    expect(await result.refreshManager?.refreshNow()).toMatchObject({ success: true, participantsAdded: 1 })
    await mux.chat.completions.create(CALL)
    expect([chatsOf(devnet).length, chatsOf(gateway).length]).toEqual([1, 21])
  })

  test('without a broker fails every call with what happened, who sells access, and the option that uses it', async () => {
    const devnet = await start({ mode: 'retired', seed: 'retired' })
    const mux = new Multiplexer({ retry: { sameMember: 0 } })
    await register(mux, signedBy(devnet))
    for (let index = 0; index < 2; index += 1) {
      const error = await mux.chat.completions.create(CALL).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: 'AllModelsFailedError' })
      expect(String(error)).toContain('this network retired signed requests (410)')
      expect(String(error)).toMatch(/gonka24\.com.*gonkagate\.com.*gonkabroker\.com/)
      expect(String(error)).toContain('registerGonkaModels(mux, { brokers: [{ url, apiKey }] })')
    }
    expect(chatsOf(devnet)).toHaveLength(1)
  })
})
