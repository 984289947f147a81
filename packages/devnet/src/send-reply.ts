import type { ServerResponse } from 'node:http'
import type { Reply } from './reply.ts'
import { sleep } from './sleep.ts'

/** How an answer is paced and where it breaks. */
export interface SendOptions {
  /** Between two events of a stream, in milliseconds. */
  readonly tokenDelayMs: number
  /** Events after which the connection is cut; undefined sends everything. */
  readonly cutAfterEvents?: number | undefined
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal
}

/** Writes an answer.
 * @returns Whether all of it was handed to the socket. */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<boolean> {
  if (options.gone.aborted) return false
  return typeof reply.body === 'string'
    ? sendWhole(response, { ...reply, body: reply.body }, options)
    : await sendEvents(response, { ...reply, body: reply.body }, options)
}

function sendWhole(response: ServerResponse, reply: Reply & { body: string }, options: SendOptions): boolean {
  const bytes = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length })
  if (options.cutAfterEvents === undefined) {
    response.end(bytes)
    return true
  }
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
  return false
}

async function sendEvents(
  response: ServerResponse,
  reply: Reply & { body: readonly string[] },
  { tokenDelayMs, cutAfterEvents = Number.POSITIVE_INFINITY, gone }: SendOptions,
): Promise<boolean> {
  response.writeHead(reply.status, reply.headers)
  response.flushHeaders()
  for (const [position, event] of reply.body.entries()) {
    if (position >= cutAfterEvents) break
    if (position > 0 && tokenDelayMs > 0) await sleep(tokenDelayMs, gone)
    if (gone.aborted) return false
    response.write(event)
  }
  if (cutAfterEvents < Number.POSITIVE_INFINITY) {
    cutConnection(response)
    return false
  }
  response.end()
  return true
}

/** Lets what was written leave before the socket is destroyed. */
function cutConnection(response: ServerResponse): void {
  const { socket } = response
  if (!socket) return
  response.write('', () => socket.destroySoon())
}
