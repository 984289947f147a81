import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { chat } from './fixtures/start-pair.ts'
import { Router } from './index-router.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const limited = async () => new Response('{}', { status: 429, headers: { 'retry-after': '30' } })

it('does not wait for a member that comes back after the deadline: the refusal tells when', async () => {
  const router = new Router({ deadlineMs: 5_000 })
  router.addModel(limited, { modelName: 'only' })
  const refused = await chat(router, { model: 'auto' })
  expect([refused.status, refused.headers.get('retry-after'), Date.now()]).toEqual([429, '30', 0])
  const turnedAway = await chat(router, { model: 'auto' })
  expect(turnedAway.headers.get('x-multiplexer-error')).toBe('all-models-failed')
  expect([turnedAway.headers.get('retry-after'), Date.now()]).toEqual(['30', 0])
})

it('waits for a member that comes back before the deadline', async () => {
  const router = new Router({ deadlineMs: 31_000 })
  router.addModel(limited, { modelName: 'only' })
  const waiting = chat(router, { model: 'auto' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(router.getStats().waiting).toBe(1)
  await vi.advanceTimersByTimeAsync(31_000)
  expect((await waiting).status).toBe(429)
  expect(router.getStats().members.only?.attempts).toBe(2)
})

it('says when the budget per minute of a member allows another call', async () => {
  const router = new Router({ deadlineMs: 5_000 })
  router.addModel(async () => Response.json({}), { modelName: 'only', rpm: 1 })
  expect((await chat(router, { model: 'auto' })).status).toBe(200)
  const turnedAway = await chat(router, { model: 'auto' })
  expect([turnedAway.status, turnedAway.headers.get('retry-after'), Date.now()]).toEqual([503, '60', 0])
})
