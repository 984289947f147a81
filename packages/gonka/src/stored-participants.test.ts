import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answering, brokerAnswering, startServer } from './fixtures/scripted-server.ts'
import { type SourceRelay, startRelay } from './fixtures/source-relay.ts'
import { createFileParticipantStore, createMemoryParticipantStore } from './index.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

const CALL = { model: 'sim/model-a', messages: [{ role: 'user' as const, content: 'Hello' }] }
const NOW_MS = 1_800_000_000_000

async function start(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({ participants: 3, seed: 'stored', blockTimeMs: 0, ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

/** A network, and a source of it that can go down alone. */
async function startNetwork(options: DevnetOptions = {}): Promise<{ devnet: Devnet; relay: SourceRelay }> {
  const devnet = await start(options)
  return { devnet, relay: await startRelay(devnet.url) }
}

function optionsOf({ devnet, relay }: { devnet: Devnet; relay: SourceRelay }): RegisterGonkaModelsOptions {
  return {
    sourceUrl: relay.url,
    privateKey: devnet.account.privateKey,
    allowPrivateHosts: true,
    discovery: { retryCount: 0 },
    env: {},
    random: () => 0.5,
    now: () => NOW_MS,
  }
}

async function register(
  pool: Router | Multiplexer,
  options: RegisterGonkaModelsOptions,
): Promise<GonkaRegistrationResult> {
  const result = await registerGonkaModels(pool, options)
  onTestFinished(() => result.refreshManager?.stop())
  return result
}

async function createPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonka-stored-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'participants.json')
}

async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable('expected a refusal'),
    (error: Error) => error,
  )
}

const names = (pool: Router | Multiplexer): string[] => Object.keys(pool.getStats().members).sort()

describe('a restart while every source is down', () => {
  test('serves from the stored set, says so, and takes the next list', async () => {
    const network = await startNetwork()
    const { devnet, relay } = network
    const options = optionsOf(network)
    const path = await createPath()
    const first = await register(new Router(), { ...options, participantStore: createFileParticipantStore(path) })
    expect(first).toMatchObject({ stale: false, sourceUrl: relay.url })
    expect([first.storedAt, first.discoveryError, first.refreshManager?.isStale]).toEqual([undefined, undefined, false])
    await first.refreshManager?.stop()

    relay.target = undefined
    const mux = new Multiplexer()
    const restarted = await register(mux, { ...options, participantStore: createFileParticipantStore(path) })
    expect(restarted).toMatchObject({
      modelsRegistered: 3,
      epochId: 7,
      stale: true,
      storedAt: new Date(NOW_MS),
      sourceUrl: relay.url,
      trust: 'none',
      discoveryError: { name: 'GonkaDiscoveryError', statusCode: 503 },
      refreshManager: { isRunning: true, isStale: true, currentEpoch: 7 },
    })
    expect(restarted.participants).toEqual(first.participants)
    expect(Object.keys(restarted).sort()).toEqual(Object.keys(first).sort())
    expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)

    expect(await restarted.refreshManager?.refreshNow()).toMatchObject({ success: false })
    expect(restarted.refreshManager?.isStale).toBe(true)
    relay.target = devnet.url
    await devnet.nextEpoch({ join: 1, leave: [2] })
    expect(await restarted.refreshManager?.refreshNow()).toMatchObject({ success: true, oldEpoch: 7, newEpoch: 8 })
    expect(restarted.refreshManager?.isStale).toBe(false)
    expect(names(mux)).toEqual([0, 1, 3].map((index) => `gonka:${devnet.node(index).address}`).sort())
    expect(await readFile(path, 'utf8')).toContain('"epochId":8')
  })

  test('does not go back to an earlier epoch', async () => {
    const network = await startNetwork({ epoch: 9 })
    const { relay } = network
    const options = { ...optionsOf(network), participantStore: createMemoryParticipantStore() }
    await register(new Router(), options)
    relay.target = undefined
    const router = new Router()
    const { refreshManager } = await register(router, options)
    const before = names(router)
    relay.target = (await start({ epoch: 8, seed: 'older' })).url
    const result = await refreshManager?.refreshNow()
    expect(result?.error?.message).toContain('went back from epoch 9 to 8')
    expect([names(router), refreshManager?.isStale]).toEqual([before, true])
  })

  test('keeps endpoints and brokers beside the stored participants', async () => {
    const network = await startNetwork({ participants: [{}, {}, { listed: false }] })
    const unlisted = network.devnet.node(2)
    const broker = await startServer(brokerAnswering(answering(200, {})))
    const options = {
      ...optionsOf(network),
      participantStore: createMemoryParticipantStore(),
      endpoints: [`${unlisted.url};${unlisted.address}`],
      brokers: [{ url: `${broker.url}/v1`, apiKey: 'key' }],
    }
    await register(new Router(), options)
    network.relay.target = undefined
    expect(await register(new Router(), options)).toMatchObject({ modelsRegistered: 4, stale: true, epochId: 7 })
    const { participants, ...alone } = await register(new Router(), { ...options, endpoints: [] })
    expect([alone.modelsRegistered, participants.length]).toEqual([3, 2])
  })

  test('without a refresh manager serves from the stored set too', async () => {
    const network = await startNetwork()
    const options = {
      ...optionsOf(network),
      participantStore: createMemoryParticipantStore(),
      refreshEnabled: false,
    }
    await register(new Router(), options)
    network.relay.target = undefined
    expect(await register(new Router(), options)).toMatchObject({ stale: true, refreshManager: undefined })
  })

  test('registers nobody once its signal is aborted, also while the store is read', async () => {
    const network = await startNetwork()
    network.relay.target = undefined
    const controller = new AbortController()
    const load = (): Promise<undefined> => {
      controller.abort(new Error('changed my mind'))
      return new Promise(() => undefined)
    }
    const participantStore = { load, save: async () => undefined }
    const router = new Router()
    const registering = register(router, { ...optionsOf(network), participantStore, signal: controller.signal })
    await expect(registering).rejects.toThrow('changed my mind')
    expect(names(router)).toEqual([])
  })
})

describe('a stored set that does not fit is not used', () => {
  async function storeAndGoDown(options: RegisterGonkaModelsOptions = {}) {
    const network = await startNetwork()
    const path = await createPath()
    const all = { ...optionsOf(network), ...options, participantStore: createFileParticipantStore(path) }
    const { refreshManager } = await register(new Router(), all)
    await refreshManager?.stop()
    network.relay.target = undefined
    return { ...network, path, options: all }
  }

  test.each([
    ['cut off', async (path: string) => truncate(path, 100), 'it was cut off or edited'],
    ['empty', async (path: string) => truncate(path, 0), 'has 0 characters'],
    [
      'edited',
      async (path: string) => writeFile(path, (await readFile(path, 'utf8')).replace('127.0.0.1', '127.0.0.2')),
      'it was cut off or edited',
    ],
    [
      'of another format',
      async (path: string) => writeFile(path, '{"format":2}'),
      'has format 2; this version reads 1',
    ],
  ])('when it is %s: the error names the file, and the next list replaces it', async (_, damage, expected) => {
    const { devnet, relay, path, options } = await storeAndGoDown()
    await damage(path)
    const router = new Router()
    const error = await rejectionOf(register(router, options))
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-failed', statusCode: 503 })
    expect(error.message).toContain(expected)
    expect(error.message).toContain(path)
    expect(names(router)).toEqual([])
    relay.target = devnet.url
    expect(await register(router, options)).toMatchObject({ stale: false, modelsRegistered: 3 })
    relay.target = undefined
    expect(await register(new Router(), options)).toMatchObject({ stale: true })
  })

  test('with brokers beside it: they are used, and the reason is told', async () => {
    const { path, options } = await storeAndGoDown()
    await truncate(path, 50)
    const broker = await startServer(brokerAnswering(answering(200, {})))
    const brokers = [{ url: `${broker.url}/v1`, apiKey: 'key' }]
    const result = await register(new Router(), { ...options, brokers })
    expect(result).toMatchObject({ modelsRegistered: 1, participants: [], stale: false, storedAt: undefined })
    expect(result.discoveryError?.message).toContain(path)
  })

  const others: [string, RegisterGonkaModelsOptions][] = [
    ['of another chain', { chainId: 'other-chain' }],
    ['of other sources', { sourceUrls: ['http://127.0.0.1:1'] }],
    ['that is not proven, where proofs are required', { trust: 'first-use', chainId: 'gonka-devnet' }],
  ]

  test.each(others)('when it is %s', async (_, change) => {
    const { options } = await storeAndGoDown(change.trust ? { chainId: 'gonka-devnet' } : {})
    const error = await rejectionOf(register(new Router(), { ...options, ...change }))
    expect(error.message).toContain('is about another network, other sources or another trust')
  })

  test('when the configuration lets nobody of it take requests', async () => {
    const { options } = await storeAndGoDown()
    const error = await rejectionOf(register(new Router(), { ...options, allowPrivateHosts: false }))
    expect(error.message).toContain('names nobody whom the configuration lets take requests')
  })

  test('but for those whom the configuration lets take requests', async () => {
    const { devnet, options } = await storeAndGoDown()
    const { address } = devnet.node(1)
    const discovery = { ...options.discovery, transferAgents: [address.toUpperCase()] }
    expect(await register(new Router(), { ...options, discovery })).toMatchObject({
      stale: true,
      participants: [{ address }],
    })
  })
})

describe('a store that fails', () => {
  test('stops neither the registration nor the refresh, and is logged', async () => {
    const network = await startNetwork()
    const warnings: string[] = []
    const warn = (message: string): void => void warnings.push(message)
    const logger = { debug: () => undefined, info: () => undefined, warn, error: warn }
    const participantStore = createFileParticipantStore(join(await createPath(), 'missing', 'file'))
    const { refreshManager } = await register(new Router(), { ...optionsOf(network), participantStore, logger })
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true })
    const line = 'the participants could not be stored (ENOENT)'
    expect(warnings).toEqual([line, line])
  })

  test('leaves no draft when it succeeds', async () => {
    const network = await startNetwork()
    const path = await createPath()
    const participantStore = createFileParticipantStore(path)
    const { refreshManager } = await register(new Router(), { ...optionsOf(network), participantStore })
    for (let turn = 0; turn < 3; turn += 1) await refreshManager?.refreshNow()
    expect(await readdir(join(path, '..'))).toEqual(['participants.json'])
  })
})

describe('without a stored set, while every source is down', () => {
  test('brokers are registered, and the participants come when a source recovers', async () => {
    const network = await startNetwork()
    const { devnet, relay } = network
    relay.target = undefined
    const broker = await startServer(brokerAnswering(answering(200, {})))
    const router = new Router()
    const heard: unknown[] = []
    const result = await register(router, {
      ...optionsOf(network),
      brokers: [{ url: `${broker.url}/v1`, apiKey: 'key' }],
      refreshIntervalMs: 3_600_000,
      onEpochChange: (...args) => void heard.push(args.slice(0, 2)),
    })
    expect(result).toMatchObject({
      modelsRegistered: 1,
      participants: [],
      epochId: 0,
      trust: 'configured',
      stale: false,
      sourceUrl: undefined,
      discoveryError: { name: 'GonkaDiscoveryError', statusCode: 503 },
      refreshManager: { isRunning: true, isStale: false, currentEpoch: undefined },
    })
    await result.refreshManager?.refreshNow()
    relay.target = devnet.url
    expect(await result.refreshManager?.refreshNow()).toMatchObject({ success: true, participantsAdded: 3 })
    expect([names(router).length, heard]).toEqual([4, [[undefined, 7]]])
  })

  test('endpoints are registered, and keep their statistics when a source recovers and lists them', async () => {
    const network = await startNetwork()
    const { devnet, relay } = network
    relay.target = undefined
    const { url, address } = devnet.node(2)
    const mux = new Multiplexer()
    const { refreshManager, ...result } = await register(mux, {
      ...optionsOf(network),
      endpoints: [`${url};${address}`],
      refreshIntervalMs: 3_600_000,
    })
    expect(result).toMatchObject({
      modelsRegistered: 1,
      participants: [{ address }],
      discoveryError: { statusCode: 503 },
    })
    expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)
    await refreshManager?.refreshNow()
    relay.target = devnet.url
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true, participantsAdded: 2, newEpoch: 7 })
    expect(mux.getStats().members[`gonka:${address}`]).toMatchObject({ attempts: 1 })
  })

  test('a network that names nobody is no reason to use what it said before', async () => {
    const network = await startNetwork()
    const { relay, devnet } = network
    const options = { ...optionsOf(network), participantStore: createMemoryParticipantStore() }
    await register(new Router(), options)
    relay.edit = (entries) => void entries.splice(0)
    const router = new Router()
    expect(await rejectionOf(register(router, options))).toMatchObject({ name: 'GonkaNoParticipantsError' })
    expect(names(router)).toEqual([])
    const endpoints = [`${devnet.node(1).url};${devnet.node(1).address}`]
    expect(await register(router, { ...options, endpoints })).toMatchObject({
      modelsRegistered: 1,
      stale: false,
      discoveryError: { name: 'GonkaNoParticipantsError' },
    })
  })

  test('nobody at all is the error of the sources', async () => {
    const network = await startNetwork()
    network.relay.target = undefined
    const options = { ...optionsOf(network), participantStore: createMemoryParticipantStore() }
    const error = await rejectionOf(register(new Router(), options))
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', statusCode: 503 })
    expect(error.message).not.toContain('stored')
  })
})
