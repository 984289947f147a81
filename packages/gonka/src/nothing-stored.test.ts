import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, test } from 'vitest'
import { answering, brokerAnswering, startServer } from './fixtures/scripted-server.ts'
import { names, optionsOf, register, rejectionOf, startNetwork } from './fixtures/stored-kit.ts'
import { createMemoryParticipantStore } from './index.ts'

const CALL = { model: 'sim/model-a', messages: [{ role: 'user' as const, content: 'Hello' }] }

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
