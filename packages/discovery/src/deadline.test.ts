import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { sleep } from './sleep.ts'
import type { FetchLike } from './types.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const ANSWERS = {
  good: async () => new Response(JSON.stringify(toShapeA({ epochId: 7, participants: [participant(1)] }))),
  silent: () => new Promise<Response>(() => undefined),
  busy: async () => new Response('{"error":"busy"}', { status: 503 }),
  patient: async () => new Response('', { status: 429, headers: { 'retry-after': '60' } }),
  gone: async () => new Response('', { status: 404 }),
} satisfies Record<string, FetchLike>

type Kind = keyof typeof ANSWERS

/** A discovery of such sources, without a network; pauses are real, that is, those of the fake timers. */
function discoveryOf(kinds: readonly Kind[]) {
  const sourceUrls = kinds.map((_, index) => `http://source${index}.example`)
  const fetch: FetchLike = (url, init) => {
    void init
    return ANSWERS[kinds[sourceUrls.indexOf(new URL(url).origin)] ?? 'gone']()
  }
  return createDiscovery({ sourceUrls, fetch, sleep, transferAgents: [], random: () => 0.99 }).discovery
}

test('a call never takes longer than its deadline, and finds a good source wherever it stands', async () => {
  const kinds = fc.array(fc.constantFrom(...(Object.keys(ANSWERS) as Kind[])), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(kinds, fc.integer({ min: 5, max: 20_000 }), async (sources, deadlineMs) => {
      const beganMs = Date.now()
      const call = discoveryOf(sources)
        .discover({ deadlineMs })
        .then(
          ({ sourceUrl }) => ({ tookMs: Date.now() - beganMs, sourceUrl }),
          ({ name }: Error) => ({ tookMs: Date.now() - beganMs, name }),
        )
      await vi.advanceTimersByTimeAsync(20_000)
      const { tookMs, ...outcome } = await call
      const good = sources.indexOf('good')
      expect(outcome).toEqual(
        good < 0 ? { name: 'GonkaDiscoveryError' } : { sourceUrl: `http://source${good}.example` },
      )
      expect(tookMs).toBeLessThanOrEqual(deadlineMs)
      expect(vi.getTimerCount()).toBe(0)
    }),
  )
})

test('what each source said is told, also of those that were silent', async () => {
  const failing = rejectionOf(discoveryOf(['gone', 'silent']).discover({ deadlineMs: 1_000 }))
  await vi.advanceTimersByTimeAsync(1_000)
  const error = await failing
  expect(error).toMatchObject({ code: 'discovery-failed' })
  expect(error.message).toContain('http://source0.example answered 404')
  expect(error.message).toContain('http://source1.example did not answer within 500 ms, its share of the time')
})

test('the signal ends a call that has a deadline at once', async () => {
  const controller = new AbortController()
  const failing = rejectionOf(discoveryOf(['silent']).discover({ deadlineMs: 1_000, signal: controller.signal }))
  await vi.advanceTimersByTimeAsync(10)
  controller.abort(new Error('changed my mind'))
  expect((await failing).message).toBe('changed my mind')
  expect(vi.getTimerCount()).toBe(0)
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 31, '10' as never])('a deadline of %s is refused', async (deadlineMs) => {
  const error = await rejectionOf(discoveryOf(['good']).getCurrentEpoch({ deadlineMs }))
  expect(error).toMatchObject({ name: 'GonkaConfigError', field: 'deadlineMs' })
})
