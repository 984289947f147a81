import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chat, textOf } from './fixtures/start-pair.ts'
import { contentEvents, finishEvent } from './fixtures/upstream.ts'
import { attemptsOf, Router, type RouterOptions, type Transport } from './index-router.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const HALF = contentEvents('one two three')
const WHOLE = [...HALF, finishEvent, '[DONE]']

/** Streams `events`, one every `everyMs`, then ends or stays silent. */
function streaming(events: readonly string[], { last = 'end', everyMs = 0 } = {}): Transport {
  return async () => {
    const rest = [...events]
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, everyMs))
        const event = rest.shift()
        if (event) controller.enqueue(new TextEncoder().encode(`data: ${event}\n\n`))
        else if (last === 'end') controller.close()
        else await new Promise(() => {})
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

function startRouter(primary: Transport, options: RouterOptions = {}): Router {
  const router = new Router({ commit: 'complete', retry: { sameMember: 0 }, ...options })
  router.addModel(primary, { modelName: 'primary', maxConcurrent: 1 })
  router.addFallbackModel(streaming(WHOLE), { modelName: 'fallback' })
  return router
}

it('has ended, for its member and for its deadline, once the answer is whole', async () => {
  const router = startRouter(streaming(WHOLE), { deadlineMs: 5_000 })
  const answering = chat(router, { stream: true })
  await vi.advanceTimersByTimeAsync(100)
  const response = await answering
  expect(router.getStats()).toMatchObject({ inFlight: 0, outcomes: { ok: 1 }, members: { primary: { inFlight: 0 } } })
  expect(attemptsOf(response)).toMatchObject([{ member: 'primary', verdict: { kind: 'ok' } }])
  const reader = response.body?.getReader()
  expect((await reader?.read())?.done).toBe(false)
  await vi.advanceTimersByTimeAsync(10_000)
  expect((await reader?.read())?.done).toBe(true)
})

it('leaves the fallback half of the deadline when a stream stalls after content', async () => {
  const router = startRouter(streaming(HALF, { last: 'silence' }), { deadlineMs: 10_000 })
  const text = chat(router, { stream: true }).then(textOf)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await text).toBe('one two three')
  expect(router.getStats().members.fallback?.verdicts).toEqual({ ok: 1 })
})

it('leaves it that half also when a stream never stalls and never ends', async () => {
  const router = startRouter(streaming(Array(1_000).fill(HALF[0]), { everyMs: 100 }), { deadlineMs: 10_000 })
  const text = chat(router, { stream: true }).then(textOf)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await text).toBe('one two three')
})

describe.each(['complete', 'first-content'] as const)(
  'an end that does not come after [DONE], commit: %s',
  (commit) => {
    it.each([
      ['an answer', WHOLE, 'one two three'],
      ['an answer without content', [finishEvent, '[DONE]'], ''],
    ])('is not waited for long: %s', async (_, events, text) => {
      const router = startRouter(streaming(events, { last: 'silence' }), { commit })
      const read = chat(router, { stream: true }).then(textOf)
      await vi.advanceTimersByTimeAsync(2_000)
      expect(await read).toBe(text)
      expect(router.getStats().members.primary?.verdicts).toEqual({ ok: 1 })
    })
  },
)
