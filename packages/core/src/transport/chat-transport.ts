import type { ChatClientLike, Transport } from '../types.ts'
import { responseOfError } from './response-of-error.ts'

/** Sends chat completions through an object with `chat.completions.create`. Its objects and chunks are written as the JSON
 * or the event stream that an upstream would have sent. */
export function createChatTransport({ chat: { completions } }: ChatClientLike): Transport {
  return async ({ headers, body, signal }) => {
    const params: unknown = JSON.parse(new TextDecoder().decode(body))
    try {
      const options = { signal, headers: Object.fromEntries(headers), maxRetries: 0 }
      const answer = await completions.create(params, options)
      return isIterable(answer) ? streamOf(answer) : Response.json(answer)
    } catch (error) {
      return responseOfError(error)
    }
  }
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
