import { expect, it } from 'vitest'
import { contentEvents, finishEvent } from './fixtures/upstream.ts'
import { type CommitMode, Router } from './index-router.ts'

const EVENTS = write([...contentEvents('one two [DONE] three'), '[DONE]'])
const WHOLE = write([...contentEvents('whole'), finishEvent, '[DONE]'])

function write(events: readonly string[]): string {
  return events.map((data) => `data: ${data}\r\n\r\n`).join('')
}

/** Streams an answer without a `finish_reason`, in two pieces; the next member would have a whole one. */
function startRouter(cutAt: number, commit: CommitMode): Router {
  const encoder = new TextEncoder()
  const pieces = [EVENTS.slice(0, cutAt), EVENTS.slice(cutAt)].filter((piece) => piece !== '')
  const router = new Router({ commit, retry: { sameMember: 0 } })
  router.addModel(async () => streamOf(pieces.map((piece) => encoder.encode(piece))), { modelName: 'unfinished' })
  router.addFallbackModel(async () => streamOf([encoder.encode(WHOLE)]), { modelName: 'next' })
  return router
}

function streamOf(pieces: readonly Uint8Array[]): Response {
  const rest = [...pieces]
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = rest.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** What a client saw that reads until the stream ends or breaks. */
async function readAll(router: Router): Promise<{ text: string; error: unknown }> {
  const body = JSON.stringify({ model: 'm', messages: [], stream: true })
  const response = await router.fetch('/v1/chat/completions', { method: 'POST', body })
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true })
    return { text, error: undefined }
  } catch (error) {
    return { text, error }
  }
}

// Some clients stop reading there, so that the error behind it would never be seen.
it('never delivers the [DONE] of an answer that is not whole, wherever the network cuts it', async () => {
  for (let cutAt = 0; cutAt < EVENTS.length; cutAt++) {
    const { text, error } = await readAll(startRouter(cutAt, 'first-content'))
    const delivered = text.split('\r\n\r\n').filter((event) => event.startsWith('data: {'))
    expect(delivered.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content).join('')).toBe(
      'one two [DONE] three',
    )
    expect(text).not.toMatch(/^data: \[DONE\]\r?\n/m)
    expect(error).toMatchObject({ code: 'stream-interrupted', partialText: 'one two [DONE] three' })
  }
})

it("asks the next member instead when the commit is 'complete'", async () => {
  const { text, error } = await readAll(startRouter(0, 'complete'))
  expect([text, error]).toEqual([WHOLE, undefined])
})
