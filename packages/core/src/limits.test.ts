import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { chat, startPair, textOf } from './fixtures/start-pair.ts'
import { answering, startUpstream } from './fixtures/upstream.ts'
import { Router } from './index-router.ts'

describe('limits', () => {
  it('overflows to the next tier at once when the first is full', async () => {
    const { router, primary } = await startPair(() => {})
    router.updateModel('primary', { maxConcurrent: 1 })
    const aborter = new AbortController()
    const stuck = chat(router, {}, { signal: aborter.signal }).catch((error) => error)
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1), { timeout: 15_000 })
    expect(await textOf(await chat(router))).toBe('fallback as m')
    aborter.abort()
    await stuck
  })

  it('serves waiting calls first come, first served, and never exceeds the limit', async () => {
    let inFlight = 0
    let most = 0
    const upstream = await startUpstream(async (seen, response) => {
      most = Math.max(most, ++inFlight)
      await delay(1)
      inFlight -= 1
      await answering('u')(seen, response)
    })
    const router = new Router()
    router.addModel({ baseURL: upstream.baseURL }, { modelName: 'only', models: ['m'], maxConcurrent: 2 })
    await Promise.all(Array.from({ length: 20 }, async (_, i) => textOf(await chat(router, { user: String(i) }))))
    expect(most).toBe(2)
    const order = upstream.seen.map(({ body }) => Number(JSON.parse(body).user))
    expect(order.every((user, i) => Math.abs(user - i) <= 1)).toBe(true)
  })

  it('refuses a call when the line is full', async () => {
    const { router, primary } = await startPair(() => {}, { router: { queue: { maxLength: 1 } } })
    router.removeModel('fallback')
    router.updateModel('primary', { maxConcurrent: 1 })
    const aborter = new AbortController()
    const waiting = [0, 1].map(() => chat(router, {}, { signal: aborter.signal }).catch((error) => error.name))
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1), { timeout: 15_000 })
    expect((await chat(router)).headers.get('x-multiplexer-error')).toBe('queue-full')
    aborter.abort()
    expect(await Promise.all(waiting)).toEqual(['AbortError', 'AbortError'])
    expect(router.getStats()).toMatchObject({ inFlight: 0, waiting: 0, members: { primary: { inFlight: 0 } } })
  })

  it('ends a call at its deadline and says so', async () => {
    const { router } = await startPair(() => {}, { router: { deadlineMs: 30 } })
    router.removeModel('fallback')
    const response = await chat(router)
    const { code, message } = (await response.json()).error
    expect([response.status, code]).toEqual([504, 'deadline-exceeded'])
    expect(message).toBe('No complete answer within the deadline of 30 ms after 1 attempts.')
  })

  it('refuses a body over the limit before anybody sees it', async () => {
    const { router, primary } = await startPair(answering('p'), { router: { maxBodyBytes: 100 } })
    const response = await chat(router, { padding: 'x'.repeat(100) })
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'request-too-large'])
    expect(primary.seen).toHaveLength(0)
  })
})
