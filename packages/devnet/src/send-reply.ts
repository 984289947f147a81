import type { ServerResponse } from 'node:http'
import type { Reply } from './reply.ts'
import { sleep } from './sleep.ts'

/** How an answer is paced. */
export interface SendOptions {
  /** Between two events of a stream, in milliseconds. */
  readonly tokenDelayMs: number
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal
}

/** Writes an answer and ends it as it asks to be ended.
 * @returns Whether a complete answer was handed to the socket. */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<boolean> {
  if (options.gone.aborted) return false
  const { body, ending } = reply
  if (typeof body === 'string') sendHead(response, reply, ending === 'cut' ? undefined : Buffer.byteLength(body))
  else sendHead(response, reply, undefined)
  for (const [position, event] of (typeof body === 'string' ? [body] : body).entries()) {
    if (position > 0) await sleep(options.tokenDelayMs, options.gone)
    if (options.gone.aborted) return false
    response.write(event)
  }
  if (ending === 'cut') cutConnection(response)
  else response.end()
  return ending === undefined
}

function sendHead(response: ServerResponse, reply: Reply, contentLength: number | undefined): void {
  const length = contentLength === undefined ? {} : { 'content-length': contentLength }
  response.writeHead(reply.status, { ...reply.headers, ...length })
  if (typeof reply.body !== 'string') response.flushHeaders()
}

/** Lets what was written leave, then closes without the end of the body. */
function cutConnection(response: ServerResponse): void {
  response.write('', () => response.socket?.destroySoon())
}
