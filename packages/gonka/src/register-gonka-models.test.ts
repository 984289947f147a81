import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { GonkaConfig } from './gonka-config.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { RegisterGonkaModelsOptions } from './types.ts'

const MODEL = 'sim/model-a'
const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]

async function start(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({ participants: 3, seed: 'register', blockTimeMs: 0, ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

/** Registers with what a devnet needs; whatever the test starts is stopped. */
async function register(pool: Router | Multiplexer, devnet: Devnet, options: RegisterGonkaModelsOptions = {}) {
  const result = await registerGonkaModels(pool, {
    sourceUrl: devnet.url,
    privateKey: devnet.account.privateKey,
    allowPrivateHosts: true,
    env: {},
    random: () => 0,
    ...options,
  })
  onTestFinished(() => result.refreshManager?.stop())
  return result
}

function names(pool: Router | Multiplexer): string[] {
  return Object.keys(pool.getStats().members)
}

async function serveText(text: string, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(text))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a network', () => {
  test('becomes members that answer, and the result says who and from where', async () => {
    const devnet = await start()
    const mux = new Multiplexer()
    const result = await register(mux, devnet)
    const addresses = devnet.nodes.map(({ address }) => address)
    expect(result).toMatchObject({
      modelsRegistered: 3,
      epochId: devnet.epochId,
      requesterAddress: devnet.account.address,
      rejected: [],
      trust: 'none',
    })
    expect(result.participants.map(({ address }) => address).sort()).toEqual([...addresses].sort())
    expect(names(mux).sort()).toEqual(addresses.map((address) => `gonka:${address}`).sort())
    expect(result.refreshManager).toMatchObject({ isRunning: true, currentEpoch: devnet.epochId })
    const answer = await mux.chat.completions.create({ model: MODEL, messages: MESSAGES })
    expect(answer.choices[0]?.message.content).toBeTruthy()
  })

  test('can be registered as fallback, under a prefix, with a limit and without refresh', async () => {
    const devnet = await start()
    const router = new Router()
    const result = await register(router, devnet, {
      registerAsFallback: true,
      modelNamePrefix: 'net:',
      defaultMaxConcurrent: 2,
      refreshEnabled: false,
    })
    expect(result.refreshManager).toBeUndefined()
    for (const [name, { tier }] of Object.entries(router.getStats().members)) {
      expect([name.startsWith('net:gonka1'), tier]).toEqual([true, 1])
    }
  })

  test('is taken out again through the registrar', async () => {
    const devnet = await start()
    const router = new Router()
    router.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: 'mine' })
    const { registrar, epochId, refreshManager } = await register(router, devnet)
    await refreshManager?.stop()
    expect(registrar.unregisterAll(router, epochId)).toBe(3)
    expect(names(router)).toEqual(['mine'])
  })

  test('of nodes that speak the older scheme is reached with scheme v1', async () => {
    const devnet = await start({ mode: 'classic-v1' })
    const mux = new Multiplexer()
    await register(mux, devnet, { scheme: 'v1' })
    const answer = await mux.chat.completions.create({ model: MODEL, messages: MESSAGES })
    expect(answer.choices).toHaveLength(1)
  })

  test('can stand beside another one under another prefix', async () => {
    const [first, second] = [await start({ seed: 'one' }), await start({ seed: 'two', models: ['sim/model-b'] })]
    const mux = new Multiplexer()
    await register(mux, first)
    await register(mux, second, { modelNamePrefix: 'two:' })
    expect(names(mux)).toHaveLength(6)
    await mux.chat.completions.create({ model: 'sim/model-b', messages: MESSAGES })
    expect(second.nodes.reduce((sum, { served }) => sum + served, 0)).toBe(1)
  })

  test('cannot be registered twice under one prefix, and the first registration stays whole', async () => {
    const devnet = await start()
    const router = new Router()
    await register(router, devnet)
    await expect(register(router, devnet)).rejects.toMatchObject({ name: 'GonkaClientError', code: 'client-invalid' })
    expect(names(router)).toHaveLength(3)
  })
})

describe('refreshing', () => {
  test('follows epochs, and who stays keeps statistics', async () => {
    const devnet = await start()
    const mux = new Multiplexer()
    const heard: unknown[] = []
    const { refreshManager } = await register(mux, devnet, {
      onEpochChange: (...args) => {
        heard.push(args.slice(0, 2))
      },
    })
    const staying = `gonka:${devnet.node(1).address}`
    await mux.chat.completions.create({ model: staying, messages: MESSAGES })
    await devnet.nextEpoch({ join: 1, leave: [2], reweight: { 1: 50 } })
    expect(await refreshManager?.refreshNow()).toMatchObject({
      success: true,
      epochChanged: true,
      participantsAdded: 1,
      participantsRemoved: 1,
      participantsUpdated: 1,
    })
    expect(names(mux).sort()).toEqual([0, 1, 3].map((index) => `gonka:${devnet.node(index).address}`).sort())
    expect(mux.getStats().members[staying]).toMatchObject({ attempts: 1, weight: 50 })
    expect(heard).toEqual([[7, 8]])
  })

  test('follows exclusions inside an epoch', async () => {
    const devnet = await start()
    const router = new Router()
    const { refreshManager } = await register(router, devnet)
    devnet.exclude(1)
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsRemoved: 1 })
    expect(router.hasModel(`gonka:${devnet.node(1).address}`)).toBe(false)
  })

  test('keeps the members while every source is down', async () => {
    const devnet = await start()
    const router = new Router()
    const { refreshManager } = await register(router, devnet, { discovery: { retryCount: 0 } })
    devnet.node(0).fault({ status: 503, path: 'discovery' })
    const result = await refreshManager?.refreshNow()
    expect(result).toMatchObject({ success: false, error: { name: 'GonkaRefreshError', lastSuccessfulEpoch: 7 } })
    expect(names(router)).toHaveLength(3)
  })
})

describe('endpoints', () => {
  test('need no source, serve any model, and are not refreshed', async () => {
    const devnet = await start()
    const node = devnet.node(1)
    const mux = new Multiplexer()
    const endpoints = [`${node.url};${node.address}`]
    const result = await register(mux, devnet, { sourceUrl: undefined, endpoints })
    expect(result).toMatchObject({ modelsRegistered: 1, epochId: 0, trust: 'configured', refreshManager: undefined })
    await mux.chat.completions.create({ model: MODEL, messages: MESSAGES })
    expect(node.served).toBe(1)
  })

  test('are kept beside a source through refreshes, and give way to it where both name an address', async () => {
    const devnet = await start({ participants: [{}, {}, { listed: false }] })
    const [, listed, unlisted] = devnet.nodes
    const router = new Router()
    const endpoints = [`${unlisted?.url};${unlisted?.address}`, `http://stale.example;${listed?.address}`]
    const { participants, refreshManager, epochId } = await register(router, devnet, { endpoints })
    expect([participants.length, epochId]).toEqual([3, 7])
    expect(participants.find(({ address }) => address === listed?.address)?.inferenceUrl).toBe(listed?.url)
    await devnet.nextEpoch({ leave: [1] })
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true, participantsRemoved: 0 })
    expect(names(router)).toHaveLength(3)
  })
})

describe('settings', () => {
  test('come from the argument before the config, also when it says false or the default', async () => {
    const devnet = await start()
    const router = new Router()
    const config = new GonkaConfig(
      {
        privateKey: `${'00'.repeat(31)}01`,
        sourceUrl: 'http://unreachable.invalid',
        registerAsFallback: true,
        modelNamePrefix: 'config:',
        allowPrivateHosts: true,
        refreshEnabled: false,
      },
      { env: {} },
    )
    const { requesterAddress, refreshManager } = await register(router, devnet, {
      config,
      registerAsFallback: false,
      modelNamePrefix: 'gonka:',
    })
    expect([requesterAddress, refreshManager]).toEqual([devnet.account.address, undefined])
    for (const [name, { tier }] of Object.entries(router.getStats().members)) {
      expect([name.startsWith('gonka:gonka1'), tier]).toEqual([true, 0])
    }
  })

  test('come from the config before the environment, and from that before the default', async () => {
    const devnet = await start()
    const { address, privateKey } = devnet.account
    const env = { GONKA_PRIVATE_KEY: privateKey, GONKA_SOURCE_URL: devnet.urls.join(','), GONKA_ADDRESS: 'broken' }
    const result = await registerGonkaModels(new Router(), {
      config: { address, refreshEnabled: false, allowPrivateHosts: true },
      env,
    })
    expect(result).toMatchObject({ requesterAddress: address, modelsRegistered: 3, refreshManager: undefined })
  })

  test('address overrides who pays', async () => {
    const devnet = await start()
    const payer = devnet.createAccount()
    const router = new Router()
    const { requesterAddress } = await register(router, devnet, { address: payer.address })
    expect(requesterAddress).toBe(payer.address)
    await router.fetch('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: `gonka:${devnet.node(1).address}`, messages: MESSAGES }),
    })
    expect(devnet.node(1).requests.at(-1)?.headers).toMatchObject({ 'x-requester-address': payer.address })
  })
})

describe('a registration that fails', () => {
  const refusals: [string, RegisterGonkaModelsOptions, object][] = [
    ['no key', { privateKey: undefined }, { name: 'GonkaConfigError', field: 'privateKey' }],
    ['proofs without a trust', { verifyProofs: true }, { name: 'GonkaConfigError', field: 'trust' }],
    ['private hosts', { allowPrivateHosts: false }, { name: 'GonkaNoParticipantsError' }],
    ['a bad timeout', { discovery: { timeoutMs: -1 } }, { name: 'GonkaConfigError', field: 'timeoutMs' }],
  ]

  test.each(refusals)('for %s leaves nothing behind', async (_, options, expected) => {
    const devnet = await start()
    const router = new Router()
    await expect(register(router, devnet, options)).rejects.toMatchObject(expected)
    expect(names(router)).toEqual([])
  })

  test.each([
    ['HTML', '<!doctype html><p>hello', 200],
    ['truncated JSON', '{"active_participants":{"participants":[', 200],
    ['nobody', '{"active_participants":{"epoch_id":7,"participants":[]}}', 200],
    ['an error', 'no', 500],
  ])('because the source answers %s leaves nothing behind', async (_, text, status) => {
    const devnet = await start()
    const router = new Router()
    const sourceUrl = await serveText(text, status)
    const registering = register(router, devnet, { sourceUrl, discovery: { retryCount: 0 } })
    await expect(registering).rejects.toMatchObject({
      name: expect.stringMatching(/^Gonka(Discovery|NoParticipants)Error$/),
    })
    expect(names(router)).toEqual([])
  })

  test('after members were added takes them out again', async () => {
    const devnet = await start()
    const router = new Router()
    const random = () => {
      throw new Error('no chance')
    }
    await expect(register(router, devnet, { random })).rejects.toThrow('no chance')
    expect(names(router)).toEqual([])
  })

  test('ends at once when its signal aborts, and registers nobody afterwards', async () => {
    const devnet = await start()
    devnet.node(0).fault({ hang: true, path: 'discovery' })
    const router = new Router()
    const controller = new AbortController()
    const registering = register(router, devnet, { signal: controller.signal })
    await vi.waitUntil(() => devnet.node(0).requests.length > 0)
    controller.abort(new Error('changed my mind'))
    await expect(registering).rejects.toThrow('changed my mind')
    expect(names(router)).toEqual([])
  })

  test('registers nobody when it is aborted before the participants are known', async () => {
    const devnet = await start()
    const router = new Router()
    const controller = new AbortController()
    const endpoints = [`${devnet.url};${devnet.node(0).address}`]
    const registering = register(router, devnet, { sourceUrl: undefined, endpoints, signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(registering).rejects.toThrow('changed my mind')
    expect(names(router)).toEqual([])
  })
})
