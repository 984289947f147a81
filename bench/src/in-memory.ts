import type { Router, Transport } from '@multiplexer/core'
import { ANSWER, CHAT_REQUEST, STREAM } from './payloads.ts'

/** Answers at once, without a network: what is left is what the code between caller and transport costs. */
export const answerInMemory: Transport = async () =>
  new Response(ANSWER, { headers: { 'content-type': 'application/json' } })

/** Streams at once, one event per read. */
export const streamInMemory: Transport = async () => {
  const events = STREAM.values()
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { value } = events.next()
        if (value) controller.enqueue(value)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** What the SDK puts on a request. */
const HEADERS = {
  accept: 'application/json',
  'content-type': 'application/json',
  authorization: 'Bearer key',
  'user-agent': 'OpenAI/JS 6',
  'x-stainless-lang': 'js',
  'x-stainless-retry-count': '0',
}

const BODY = JSON.stringify(CHAT_REQUEST)
const STREAM_BODY = JSON.stringify({ ...CHAT_REQUEST, stream: true })

/** Calls a transport as somebody would who does without a router, and reads the answer. */
export async function callTransport(transport: Transport): Promise<void> {
  await readText(await transport(createUpstreamRequest(BODY)))
}

/** The same with a stream, read event by event. */
export async function streamFromTransport(transport: Transport): Promise<void> {
  await readStream(await transport(createUpstreamRequest(STREAM_BODY)))
}

/** Calls a router with the same request, and reads the answer. */
export async function callRouter(router: Router): Promise<void> {
  await readText(await router.fetch(URL, { method: 'POST', headers: HEADERS, body: BODY }))
}

/** The same with a stream, read event by event. */
export async function streamFromRouter(router: Router): Promise<void> {
  await readStream(await router.fetch(URL, { method: 'POST', headers: HEADERS, body: STREAM_BODY }))
}

const URL = 'https://api.example/v1/chat/completions'

function createUpstreamRequest(body: string): Parameters<Transport>[0] {
  return {
    path: '/chat/completions',
    method: 'POST',
    headers: new Headers(HEADERS),
    body: new TextEncoder().encode(body),
    signal: new AbortController().signal,
  }
}

async function readText(response: Response): Promise<void> {
  const text = await response.text()
  if (text.length !== ANSWER.length) throw new Error(`An answer has ${text.length} characters, not ${ANSWER.length}.`)
}

async function readStream(response: Response): Promise<void> {
  const reader = response.body?.getReader()
  let events = 0
  while (reader && !(await reader.read()).done) events += 1
  if (events !== STREAM.length) throw new Error(`A stream has ${events} events, not ${STREAM.length}.`)
}
