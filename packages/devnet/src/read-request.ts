import type { IncomingMessage } from 'node:http'
import type { ReceivedRequest } from './node-state.ts'

/** Largest body that nodes accept.
 * @see Protocol reference, section 5.2 */
const MAX_BODY_BYTES = 10_485_760

/** Bytes read past the limit before the connection is dropped: enough for an honest client to hear the refusal. */
const MAX_DRAINED_BYTES = 4 * MAX_BODY_BYTES

/** Reads a request's body.
 * @returns The bytes, `'too-large'` past the limit, or undefined when the client went away. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | 'too-large' | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.length
      if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk)
      else chunks.length = 0
      if (sizeBytes > MAX_DRAINED_BYTES) return undefined
    }
  } catch {
    return undefined
  }
  return sizeBytes > MAX_BODY_BYTES ? 'too-large' : Uint8Array.from(Buffer.concat(chunks))
}

/** Joins what the parser keeps apart: path, method and headers, names in lower case. */
export function readHead(request: IncomingMessage): Omit<ReceivedRequest, 'body'> {
  const [path = '/', ...query] = (request.url ?? '/').split('?')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  return {
    method: request.method ?? 'GET',
    path: path.startsWith('/api/') ? path.slice(4) : path,
    query: new URLSearchParams(query.join('?')),
    headers,
  }
}
