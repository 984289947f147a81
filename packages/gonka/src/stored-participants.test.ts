import { readFile } from 'node:fs/promises'
import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, test } from 'vitest'
import { answering, brokerAnswering, startServer } from './fixtures/scripted-server.ts'
import { createPath, NOW_MS, names, optionsOf, register, start, startNetwork } from './fixtures/stored-kit.ts'
import { createFileParticipantStore, createMemoryParticipantStore } from './index.ts'

const CALL = { model: 'sim/model-a', messages: [{ role: 'user' as const, content: 'Hello' }] }

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
