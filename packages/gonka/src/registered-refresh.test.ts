import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { describe, expect, test } from 'vitest'
import { MESSAGES, names, register, start } from './fixtures/register-kit.ts'

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
