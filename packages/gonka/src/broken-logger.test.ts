import { startDevnet } from '@gonka/devnet'
import { Router } from '@multiplexer/core/router'
import { expect, onTestFinished, test } from 'vitest'
import { answering, startServer } from './fixtures/scripted-server.ts'
import { startRelay } from './fixtures/source-relay.ts'
import { createMemoryParticipantStore, createMemoryTrustStore, registerGonkaModels } from './index.ts'

function fail(): never {
  throw new Error('the disk of the log is full')
}

const loggers = (['throws', 'rejects'] as const).map((how) => {
  const write = how === 'throws' ? fail : async () => fail()
  return [how, { debug: write, info: write, warn: write, error: write }] as const
})

test.each(loggers)(
  'a logger that %s changes nothing: neither the registration, nor a refresh, nor a start without sources',
  async (_, logger) => {
    const devnet = await startDevnet({ participants: [{}, {}, { listed: false }], seed: 'logger', blockTimeMs: 0 })
    onTestFinished(() => devnet.stop())
    const [down, relay] = [await startServer(answering(500, 'no')), await startRelay(devnet.url)]
    const [, , unlisted] = devnet.nodes
    const options = {
      sourceUrl: relay.url,
      privateKey: devnet.account.privateKey,
      endpoints: [`${down.url};${unlisted?.address}`], // will not say its models
      brokers: [{ url: `${down.url}/v1`, apiKey: 'key' }], // neither will this one
      participantStore: createMemoryParticipantStore(),
      allowPrivateHosts: true,
      discovery: { retryCount: 0 },
      env: {},
      logger,
    }
    const register = async () => {
      const router = new Router()
      const result = await registerGonkaModels(router, options)
      onTestFinished(() => result.refreshManager?.stop())
      return { ...result, router }
    }
    const { refreshManager, router } = await register()
    expect(Object.keys(router.getStats().members)).toHaveLength(4)
    await devnet.nextEpoch({ leave: [1] })
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true, participantsRemoved: 1 })
    relay.target = undefined
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: false, error: { cause: { statusCode: 503 } } })
    expect(await register()).toMatchObject({ stale: true, modelsRegistered: 3 })
  },
)

test.each(loggers)('a logger that %s hides no honest source behind one that lies', async (_, logger) => {
  const devnet = await startDevnet({ participants: 2, seed: 'logger', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  devnet.node(0).lie('bytes-differ')
  const { sourceUrl, refreshManager } = await registerGonkaModels(new Router(), {
    sourceUrls: [devnet.node(0).url, devnet.node(1).url],
    privateKey: devnet.account.privateKey,
    chainId: devnet.chainId,
    trust: devnet.trustAnchor(),
    trustStore: createMemoryTrustStore(),
    allowPrivateHosts: true,
    env: {},
    logger,
  })
  onTestFinished(() => refreshManager?.stop())
  expect(sourceUrl).toBe(devnet.node(1).url)
})
