import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Router } from './index-router.ts'
import { createSteadyClock } from './steady-clock.ts'

it('goes on at the pace of the clock underneath, and from where it was when that is set back', () => {
  let nowMs = 1_000
  const now = createSteadyClock(() => nowMs)
  const read = (ms: number): number => {
    nowMs = ms
    return now()
  }
  expect([1_000, 1_500, 200, 300, 100, 9_000].map(read)).toEqual([1_000, 1_500, 1_500, 1_600, 1_600, 10_500])
})

it('never goes back, wherever it is set', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (times) => {
      const rest = [...times]
      const now = createSteadyClock(() => rest.shift() ?? 0)
      const read = times.map(now)
      expect(read).toEqual([...read].sort((a, b) => a - b))
    }),
  )
})

it('costs a resting member no more than its pause when the system clock is set back three hours', async () => {
  let nowMs = 1e12
  let status = 429
  const router = new Router({ now: () => nowMs, strategy: 'peak-ewma', retry: { sameMember: 0, maxRetryAfterMs: 0 } })
  const answer = async () => Response.json({ choices: [] }, { status, headers: { 'retry-after': '5' } })
  router.addModel(answer, { modelName: 'only', rpm: 2 })
  const chat = async () => (await router.fetch('/v1/chat/completions', { method: 'POST', body: '{}' })).status
  expect(await chat()).toBe(429)
  nowMs -= 3 * 3_600_000
  status = 200
  expect(await chat()).toBe(503)
  nowMs += 5_000
  expect(await chat()).toBe(200)
  nowMs += 60_000
  expect([await chat(), router.getStats().members.only?.latencyMs]).toEqual([200, { p50: 0, p95: 0 }])
})
