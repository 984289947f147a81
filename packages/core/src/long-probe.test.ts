import { expect, it, vi } from 'vitest'
import { chat } from './fixtures/start-pair.ts'
import { Router } from './index-router.ts'

const CONTENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
const END = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

const RATE_LIMIT = { status: 429, headers: { 'retry-after': '1' } }
const HEALTH = { failureThreshold: 1, cooldownMs: 1_000, jitter: 0 }

/** A member that is out, whose probe is a stream. `say` sends more of the stream; without text it breaks off. */
async function startProbe(refusal: { status: number; headers?: Record<string, string> } = RATE_LIMIT) {
  let nowMs = 0
  let answer = async () => new Response('{}', refusal)
  const router = new Router({ now: () => nowMs, retry: { sameMember: 0, maxRetryAfterMs: 0 }, health: HEALTH })
  router.addModel(() => answer(), { modelName: 'only' })
  await chat(router)
  nowMs = 1_000
  let control: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      control = controller
    },
  })
  answer = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const probe = chat(router, { stream: true })
  await vi.waitFor(() => expect(router.getStats().members.only?.inFlight).toBe(1), { timeout: 15_000 })
  answer = async () => Response.json({ choices: [] })
  const say = (text?: string): void => {
    if (text === undefined) control?.error(new Error('cut'))
    else control?.enqueue(new TextEncoder().encode(text))
    if (text === END) control?.close()
  }
  return { router, probe, say }
}

it('lets calls go on once the probe of a member that rested has begun to answer', async () => {
  const { router, probe, say } = await startProbe()
  const waiting = chat(router)
  await vi.waitFor(() => expect(router.getStats().waiting).toBe(1), { timeout: 15_000 })
  say(CONTENT)
  expect((await waiting).status).toBe(200)
  expect(router.getStats().members.only).toMatchObject({ inFlight: 1, breaker: 'closed' })
  say(END)
  expect(await (await probe).body?.getReader().read()).toMatchObject({ done: false })
})

it('rests the member again when the probe breaks off after it has begun', async () => {
  const { router, probe, say } = await startProbe()
  say(CONTENT)
  const stream = await probe
  expect(router.getStats().members.only?.breaker).toBe('halfOpen')
  say()
  await expect(stream.text()).rejects.toMatchObject({ code: 'stream-interrupted' })
  expect(router.getStats().members.only?.breaker).toBe('open')
})

it('lets nobody follow the probe of a member that failed until that has ended well', async () => {
  const { router, probe, say } = await startProbe({ status: 500 })
  const waiting = chat(router)
  await vi.waitFor(() => expect(router.getStats().waiting).toBe(1), { timeout: 15_000 })
  say(CONTENT)
  const stream = await probe
  expect(router.getStats()).toMatchObject({ waiting: 1, members: { only: { inFlight: 1, breaker: 'halfOpen' } } })
  say(END)
  await stream.text()
  expect((await waiting).status).toBe(200)
})
