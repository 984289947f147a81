import type { ChatClientLike, Transport } from '../types.ts'
import { responseOfError } from './response-of-error.ts'

/** Sends chat completions through an object with `chat.completions.create`. Its objects and chunks are written as the JSON
 * or the event stream that an upstream would have sent. */
export function createChatTransport({ chat: { completions } }: ChatClientLike): Transport {
  return async ({ headers, body, signal }) => {
    const params = parseBody(body)
    if (params === undefined) return refuseBody()
    try {
      const options = { signal, headers: Object.fromEntries(headers), maxRetries: 0 }
      const answer = await completions.create(params, options)
      return isIterable(answer) ? streamOf(answer) : Response.json(answer)
    } catch (error) {
      return responseOfError(error)
    }
  }
}

/** The body's value; undefined when it is no JSON. The platform's error would repeat part of the body. */
function parseBody(body: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/** What an upstream would say: the request is at fault, not the member. */
function refuseBody(): Response {
  const error = { message: 'The request body is not JSON.', type: 'invalid_request_error', code: 'invalid_json' }
  return Response.json({ error }, { status: 400 })
}

function isIterable(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

function streamOf(chunks: AsyncIterable<unknown>): Response {
  const encoder = new TextEncoder()
  const iterator = chunks[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (!done) return controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`))
        controller.enqueue(encoder.encode('data: [DONE]\n\n'))
        controller.close()
      },
      async cancel() {
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
