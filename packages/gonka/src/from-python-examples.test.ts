import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { EndpointDiscovery } from '@gonka/discovery'
import { RefreshManager } from '@gonka/refresh'
import { ModelRegistrar } from '@gonka/registrar'
import { GonkaClientFactory } from '@gonka/signer/openai'
import { Multiplexer } from '@multiplexer/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaError,
  GonkaNoParticipantsError,
  registerGonkaModels,
} from './index.ts'

const QUESTION = { model: 'sim/model-a', messages: [{ role: 'user' as const, content: 'Hello' }] }

/** The examples of the reference's core components, as one would carry them over, against a network. */
describe('the examples of the Python module', () => {
  test('quick start: registers, and the official resource answers', async () => {
    const devnet = await start()
    await using mux = new Multiplexer()
    const result = await registerGonkaModels(mux, { ...settingsOf(devnet), refreshEnabled: true })
    expect([result.modelsRegistered, result.epochId, result.participants.length]).toEqual([3, 7, 3])
    expect((await mux.chat.completions.create(QUESTION)).choices[0]?.finish_reason).toBe('stop')
    await result.refreshManager?.stop()
  })

  test('EndpointDiscovery: the current epoch, an earlier one, and its number', async () => {
    const devnet = await start()
    const discovery = discoveryOf(devnet)
    const { participants } = await discovery.discover()
    const earlier = await discovery.discoverForEpoch('6')
    expect([participants.length, earlier.epochId, await discovery.getCurrentEpoch()]).toEqual([3, 6, 7])
  })

  test('GonkaClientFactory: a client answers whole and streamed, signed for its participant', async () => {
    const devnet = await start()
    const factory = new GonkaClientFactory(devnet.account.privateKey)
    expect(factory.requesterAddress).toBe(devnet.account.address)
    const [participant] = (await discoveryOf(devnet).discover()).participants
    if (!participant) throw new Error('The network has nobody.')
    const client = factory.createClient(participant)
    const whole = await client.chat.completions.create(QUESTION)
    let streamed = ''
    for await (const { choices } of await client.chat.completions.create({ ...QUESTION, stream: true })) {
      streamed += choices[0]?.delta.content ?? ''
    }
    expect([whole.choices[0]?.message.content, streamed]).toEqual([expect.any(String), expect.stringMatching(/\w/)])
    expect(devnet.nodes.filter(({ served }) => served > 0).map(({ address }) => address)).toEqual([participant.address])
  })

  test('ModelRegistrar: clients of the factory serve, one of them with a weight of its own', async () => {
    const devnet = await start()
    await using mux = new Multiplexer()
    const registrar = registrarOf(devnet)
    const { epochId, participants } = await discoveryOf(devnet).discover()
    const [own, ...others] = participants
    if (!own) throw new Error('The network has nobody.')
    expect(registrar.registerOne(mux, own, { weightOverride: 200 })).toBe(true)
    expect(registrar.registerAll(mux, participants)).toBe(others.length)
    const names = participants.map(({ address }) => `gonka:${address}`)
    expect([...registrar.getRegisteredModels()].sort()).toEqual(names.sort())
    expect(mux.getStats().members[`gonka:${own.address}`]?.weight).toBe(200)
    expect((await mux.chat.completions.create(QUESTION)).choices).toHaveLength(1)
    expect(registrar.unregisterAll(mux, epochId)).toBe(participants.length)
    expect(mux.getStats().members).toEqual({})
  })

  test('RefreshManager: tells of the new epoch, and who stays keeps serving', async () => {
    const devnet = await start()
    await using mux = new Multiplexer()
    const registrar = registrarOf(devnet)
    const manager = new RefreshManager({ source: discoveryOf(devnet), sink: registrar.sinkFor(mux) })
    const onEpochChange = vi.fn()
    manager.onEpochChange = onEpochChange
    await manager.refreshNow()
    manager.start(60_000)
    await devnet.nextEpoch({ join: 1, leave: [0] })
    const result = await manager.refreshNow()
    expect(result).toMatchObject({ success: true, epochChanged: true, oldEpoch: 7, newEpoch: 8 })
    expect([result.participantsAdded, result.participantsRemoved]).toEqual([1, 1])
    expect(onEpochChange.mock.calls.map(([oldEpoch, newEpoch, list]) => [oldEpoch, newEpoch, list.length])).toEqual([
      [undefined, 7, 3],
      [7, 8, 3],
    ])
    expect([manager.isRunning, manager.currentEpoch]).toEqual([true, 8])
    await manager.stop()
    expect(manager.isRunning).toBe(false)
    expect((await mux.chat.completions.create(QUESTION)).choices).toHaveLength(1)
  })

  test('exception handling: each error is told apart, and has the fields that the handler prints', async () => {
    const devnet = await start({ participants: 1 })
    const register = async (options: object) => {
      await using mux = new Multiplexer()
      const failure = registerGonkaModels(mux, { ...settingsOf(devnet), ...options })
      return failure.then(undefined, (error: unknown) => error)
    }
    const config = await register({ privateKey: 'ab' })
    expect(config).toBeInstanceOf(GonkaConfigError)
    expect(config).toMatchObject({ field: 'privateKey', message: expect.stringContaining('privateKey') })
    devnet.node(0).fault({ status: 502, path: 'discovery', times: 1 })
    const discovery = await register({ discovery: { retryCount: 0 } })
    expect(discovery).toBeInstanceOf(GonkaDiscoveryError)
    expect(discovery).toMatchObject({ sourceUrl: expect.stringContaining(devnet.url), statusCode: 502 })
    devnet.exclude(0)
    const nobody = await register({})
    expect(nobody).toBeInstanceOf(GonkaNoParticipantsError)
    expect(nobody).toMatchObject({ epoch: expect.anything() })
    for (const error of [config, discovery, nobody]) expect(error).toBeInstanceOf(GonkaError)
  })
})

async function start(options: DevnetOptions = { participants: 3 }): Promise<Devnet> {
  const devnet = await startDevnet(options)
  onTestFinished(() => devnet.stop())
  return devnet
}

function settingsOf({ url, account }: Devnet) {
  return { sourceUrl: url, privateKey: account.privateKey, allowPrivateHosts: true, env: {} }
}

function discoveryOf({ url }: Devnet): EndpointDiscovery {
  return new EndpointDiscovery({ sourceUrl: url, verifyProofs: false, timeoutMs: 30_000, allowPrivateHosts: true })
}

function registrarOf({ account }: Devnet): ModelRegistrar {
  return new ModelRegistrar(new GonkaClientFactory(account.privateKey), { modelNamePrefix: 'gonka:' })
}
