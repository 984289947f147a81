import { GonkaNoParticipantsError } from '@gonka/protocol'
import { Router } from '@multiplexer/core/router'
import { expect, test } from 'vitest'
import { ask, askTimes, chatStatuses, MODEL, nameOf, startBadDay } from '../fixtures/bad-day.ts'
import { registerGonkaModels } from '../index.ts'

test('every URL changes at an epoch: participants are found again, each with its statistics', async () => {
  const { devnet, mux, refresh } = await startBadDay()
  await askTimes(mux, 20)
  const before = mux.getStats().members
  const participants = devnet.nodes.slice(1)
  await Promise.all(participants.map((node) => node.move()))
  const error = await ask(mux).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'all-models-failed', statusCode: 503, attempts: { length: 4 } })
  await devnet.nextEpoch()
  expect(await refresh()).toMatchObject({
    success: true,
    newEpoch: 8,
    participantsAdded: 0,
    participantsRemoved: 0,
    participantsUpdated: 4,
  })
  await askTimes(mux, 20)
  const after = mux.getStats().members
  expect(Object.keys(after)).toEqual(Object.keys(before))
  for (const [name, { verdicts }] of Object.entries(before)) {
    expect(after[name]?.verdicts.ok).toBeGreaterThan(verdicts.ok ?? 0)
  }
})

test('half the URLs change while calls fly: none is lost', async () => {
  const { devnet, mux, refresh } = await startBadDay({ devnet: { latencyMs: 1 } })
  const calls = Promise.all(Array.from({ length: 60 }, () => ask(mux)))
  await Promise.all(devnet.nodes.slice(3).map((node) => node.move()))
  await devnet.nextEpoch()
  expect(await refresh()).toMatchObject({ success: true, participantsUpdated: 2 })
  await calls
  expect(mux.getStats().outcomes).toEqual({ ok: 60 })
})

test('an epoch without participants: the last set stays, its answers come back as an error, and the next epoch heals it', async () => {
  const { devnet, mux, refresh } = await startBadDay()
  await devnet.nextEpoch({ leave: [1, 2, 3, 4] })
  const result = await refresh()
  expect(result).toMatchObject({ success: false, error: { lastSuccessfulEpoch: 7 } })
  expect(result.error?.cause).toBeInstanceOf(GonkaNoParticipantsError)
  expect(result.error?.message).toContain('the list is empty')
  expect(Object.keys(mux.getStats().members)).toHaveLength(4)
  const error = await ask(mux).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'all-models-failed', statusCode: 503 })
  expect(devnet.nodes.flatMap(chatStatuses)).toEqual([404, 404, 404, 404])

  await devnet.nextEpoch({ rejoin: [1, 2, 3, 4] })
  expect(await refresh()).toMatchObject({ success: true, oldEpoch: 7, newEpoch: 9, participantsRemoved: 0 })
  await askTimes(mux, 10)
})

test('a network without participants registers nobody, and says why', async () => {
  const { devnet } = await startBadDay()
  await devnet.nextEpoch({ leave: [1, 2, 3, 4] })
  const router = new Router()
  const options = { sourceUrl: devnet.node(0).url, privateKey: devnet.account.privateKey, env: {} }
  const registering = registerGonkaModels(router, { ...options, discovery: { retryCount: 0 } })
  await expect(registering).rejects.toMatchObject({ name: 'GonkaNoParticipantsError', epoch: '8' })
  expect(router.getStats().members).toEqual({})
})

test('a participant listed twice is one member: at its first URL, with its first weight', async () => {
  const { devnet, mux, rejected } = await startBadDay({
    devnet: { participants: [{ listed: false }, { weight: 10 }, { weight: 10 }, { listed: false }] },
    prepare: async (network) => {
      const elsewhere = network.node(3).url
      await network.nextEpoch({ list: [{ index: 1, inferenceUrl: elsewhere, weight: 10 ** 9 }] })
      return {}
    },
  })
  const [, twice, other, elsewhere] = devnet.nodes
  expect(rejected).toEqual([{ address: twice?.address, reason: 'duplicate' }])
  expect(mux.getStats().members).toMatchObject({ [`gonka:${twice?.address}`]: { weight: 10 } })
  expect(Object.keys(mux.getStats().members)).toHaveLength(2)
  await askTimes(mux, 40)
  const counts = [twice, other, elsewhere].map((node) => (node ? chatStatuses(node).length : 0))
  expect(counts[2]).toBe(0)
  expect(Math.min(counts[0] ?? 0, counts[1] ?? 0)).toBeGreaterThan(5)
})

test('weights 0, 1 and 10^15: the giant takes all, the light one takes over when it dies, the weightless one comes last', async () => {
  const { devnet, mux, refresh } = await startBadDay({
    devnet: { participants: [{ listed: false }, { weight: 0 }, { weight: 1 }, { weight: 10 ** 15 }] },
  })
  const [weightless, light, giant] = [devnet.node(1), devnet.node(2), devnet.node(3)]
  const counts = () => [weightless, light, giant].map((node) => chatStatuses(node).length)
  await askTimes(mux, 20)
  expect(counts()).toEqual([0, 0, 20])
  await giant.kill()
  await askTimes(mux, 20)
  expect(counts()).toEqual([0, 20, 20])
  await light.kill()
  await askTimes(mux, 10)
  expect(counts()).toEqual([10, 20, 20])

  await Promise.all([light.restart(), giant.restart()])
  await devnet.nextEpoch({ reweight: { 1: 10 ** 15, 2: 10 ** 15, 3: 0 } })
  expect(await refresh()).toMatchObject({ success: true, participantsUpdated: 3 })
  await askTimes(mux, 20)
  expect(chatStatuses(giant)).toHaveLength(20)
})

test('the allow-list changes within an epoch: refusals cost the caller nothing, and who is off it leaves with the next refresh', async () => {
  const { devnet, mux, refresh, advance } = await startBadDay({
    devnet: { participants: [{ listed: false }, { weight: 10 }, { weight: 10 }, { weight: 10 }] },
  })
  const [dropped, kept] = [devnet.node(1), devnet.nodes.slice(2)]
  devnet.setTransferAgents(kept.map(({ address }) => address))
  await askTimes(mux, 20)
  expect(chatStatuses(dropped)).toEqual([403])
  expect(mux.getStats().outcomes).toEqual({ ok: 20 })

  expect(await refresh()).toMatchObject({ success: true, epochChanged: false, participantsRemoved: 1 })
  expect(mux.hasModel(nameOf(dropped))).toBe(false)
  advance(3_600_000)
  await askTimes(mux, 20)
  expect(chatStatuses(dropped)).toEqual([403])

  devnet.setTransferAgents([])
  expect(await refresh()).toMatchObject({ epochChanged: false, participantsAdded: 1 })
  await askTimes(mux, 30)
  expect(chatStatuses(dropped)).toContain(200)
  const models = await mux.models.list()
  expect(models.data.map(({ id }) => id)).toEqual([MODEL])
})
