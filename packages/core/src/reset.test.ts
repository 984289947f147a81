import { expect, it, vi } from 'vitest'
import { chat, startPair } from './fixtures/start-pair.ts'
import { Router } from './index-router.ts'

it('ends calls that wait with the same AbortError as those in flight, and sends nothing more', async () => {
  const transport = vi.fn(() => new Promise<Response>(() => {}))
  const router = new Router()
  router.addModel(transport, { modelName: 'only', maxConcurrent: 1 })
  const calls = Array.from({ length: 4 }, () => chat(router).catch((error) => error.name))
  await vi.waitFor(() => expect(router.getStats().waiting).toBe(3), { timeout: 15_000 })
  await router.reset()
  expect(await Promise.all(calls)).toEqual(Array(4).fill('AbortError'))
  expect(transport).toHaveBeenCalledOnce()
})

it('sends nothing for a call that was given the slot of a stream which the reset ended', async () => {
  const headers = { 'content-type': 'text/event-stream' }
  const event = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
  const body = (): ReadableStream =>
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(event)) })
  const transport = vi.fn(async () => new Response(body(), { headers }))
  const router = new Router()
  router.addModel(transport, { modelName: 'only', maxConcurrent: 1 })
  const unread = await chat(router, { stream: true })
  const waiting = chat(router).catch((error) => error.name)
  await vi.waitFor(() => expect(router.getStats().waiting).toBe(1), { timeout: 15_000 })
  await router.reset()
  expect([await waiting, transport.mock.calls.length]).toEqual(['AbortError', 1])
  await expect(unread.text()).rejects.toMatchObject({ name: 'AbortError' })
})

it('has forgotten the calls that it ended, also those whose end comes later', async () => {
  const router = new Router()
  router.addModel(() => new Promise(() => {}), { modelName: 'only' })
  const call = chat(router).catch((error) => error.name)
  await vi.waitFor(() => expect(router.getStats().inFlight).toBe(1), { timeout: 15_000 })
  await router.reset()
  expect(router.getStats()).toMatchObject({ inFlight: 0, waiting: 0, outcomes: {} })
  expect([await call, router.getStats().outcomes]).toEqual(['AbortError', {}])
})

it('ends everything in flight on reset', async () => {
  const { router, primary } = await startPair(() => {})
  const pending = chat(router).catch((error) => error)
  await vi.waitFor(() => expect(primary.seen).toHaveLength(1), { timeout: 15_000 })
  await router.reset()
  expect(await pending).toMatchObject({ name: 'AbortError' })
  expect(router.getStats()).toMatchObject({ inFlight: 0, members: {} })
})
