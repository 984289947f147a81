import { startDevnet } from '@gonka/devnet'
import { Router } from '@multiplexer/core/router'
import { expect, onTestFinished, test } from 'vitest'
import { type SourceRelay, startRelay } from './fixtures/source-relay.ts'
import { createMemoryParticipantStore, type RegisterGonkaModelsOptions, registerGonkaModels } from './index.ts'

const FAR_AHEAD = 2 ** 53 - 1

/** A network in epoch 7 with two sources: an honest one, and one that names an epoch far ahead and nobody but node 0. */
async function start(options: RegisterGonkaModelsOptions = {}) {
  const devnet = await startDevnet({ participants: 3, seed: 'epoch-lies', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const [honest, liar] = await Promise.all([startRelay(devnet.url), startRelay(devnet.url)])
  liar.epochId = FAR_AHEAD
  liar.edit = (entries) => void entries.splice(1)
  const router = new Router()
  const register = () =>
    registerGonkaModels(router, {
      sourceUrls: [honest.url, liar.url],
      privateKey: devnet.account.privateKey,
      allowPrivateHosts: true,
      discovery: { retryCount: 0 },
      refreshIntervalMs: 3_600_000,
      env: {},
      random: () => 0.5,
      ...options,
    })
  const stopAfterwards = async () => {
    const result = await register()
    onTestFinished(() => result.refreshManager?.stop())
    return result
  }
  const names = (): number => Object.keys(router.getStats().members).length
  return { devnet, honest, liar, names, register: stopAfterwards, router }
}

/** While the honest source is down for a moment, the liar is believed. */
async function mislead(
  honest: SourceRelay,
  target: string,
  refresh: () => Promise<unknown> | undefined,
): Promise<void> {
  honest.target = undefined
  await refresh()
  honest.target = target
}

test('a list that names an epoch far ahead gives way to the lists of an honest source', async () => {
  const heard: unknown[] = []
  const { devnet, honest, names, register } = await start({
    onEpochChange: (...args) => void heard.push(args.slice(0, 2)),
  })
  const { refreshManager } = await register()
  const refresh = () => refreshManager?.refreshNow()
  await mislead(honest, devnet.url, refresh)
  expect([refreshManager?.currentEpoch, names()]).toEqual([FAR_AHEAD, 1])

  expect([(await refresh())?.success, (await refresh())?.success]).toEqual([false, false])
  expect(await refresh()).toMatchObject({ success: true, oldEpoch: FAR_AHEAD, newEpoch: 7, participantsAdded: 2 })
  expect(names()).toBe(3)
  expect(heard).toEqual([
    [7, FAR_AHEAD],
    [FAR_AHEAD, 7],
  ])
  await devnet.nextEpoch({ join: 1 })
  expect(await refresh()).toMatchObject({ success: true, oldEpoch: 7, newEpoch: 8 })
})

test('also when the list was stored, and the process restarts while every source is down', async () => {
  const participantStore = createMemoryParticipantStore()
  const { devnet, honest, liar, names, register, router } = await start({ participantStore })
  honest.target = undefined
  const { registrar, epochId, refreshManager } = await register()
  await refreshManager?.stop()
  registrar.unregisterAll(router, epochId)
  liar.target = undefined
  const restarted = await register()
  expect(restarted).toMatchObject({ stale: true, epochId: FAR_AHEAD })
  honest.target = devnet.url
  for (let turn = 0; turn < 3; turn += 1) await restarted.refreshManager?.refreshNow()
  expect(restarted.refreshManager).toMatchObject({ currentEpoch: 7, isStale: false })
  expect(names()).toBe(3)
  expect(await participantStore.load()).toContain('"epochId":7')
})

test('a proven list never gives way to one of an older epoch', async () => {
  const devnet = await startDevnet({ participants: 3, seed: 'epoch-lies', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const { refreshManager } = await registerGonkaModels(new Router(), {
    sourceUrl: devnet.url,
    privateKey: devnet.account.privateKey,
    chainId: devnet.chainId,
    trust: devnet.trustAnchor(),
    allowPrivateHosts: true,
    discovery: { retryCount: 0 },
    refreshIntervalMs: 3_600_000,
    env: {},
  })
  onTestFinished(() => refreshManager?.stop())
  await devnet.nextEpoch({ join: 1 })
  expect(await refreshManager?.refreshNow()).toMatchObject({ success: true, newEpoch: 8 })
  devnet.node(0).lie('stale-epoch')
  for (let turn = 0; turn < 6; turn += 1) {
    expect(await refreshManager?.refreshNow()).toMatchObject({
      success: false,
      error: { cause: { code: 'epoch-stale' } },
    })
  }
  expect(refreshManager?.currentEpoch).toBe(8)
})
