import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, test } from 'vitest'
import { MESSAGES, MODEL, names, register, start } from './fixtures/register-kit.ts'
import { GonkaConfig } from './gonka-config.ts'
import { registerGonkaModels } from './register-gonka-models.ts'

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
