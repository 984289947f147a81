import { MultiplexerError } from '../errors.ts'
import { readBytes } from './read-bytes.ts'

/** Headers and body of a fetch call, read once. */
export interface Payload {
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | undefined
}

/** Reads the headers and the body of a fetch call. Bytes and strings are taken as they are; streams, forms and blobs go
 * through the platform's own serialisation, and no further than the limit.
 * @param input - As for `fetch`.
 * @param init - As for `fetch`, with the method filled in.
 * @param maxBodyBytes - Largest accepted body.
 * @throws MultiplexerError `request-too-large`; the reason of `init.signal`; what the body's own stream throws. */
export async function readPayload(
  input: string | URL | Request,
  init: RequestInit,
  maxBodyBytes: number,
): Promise<Payload> {
  const source = init.body
  if (typeof source === 'string') return { headers: headersOf(input, init), body: new TextEncoder().encode(source) }
  if (source instanceof Uint8Array) return { headers: headersOf(input, init), body: new Uint8Array(source) }
  const isRequest = input instanceof Request
  if (!source && !(isRequest && input.body)) return { headers: headersOf(input, init), body: undefined }
  const request = new Request(isRequest ? input : 'http://multiplexer.invalid', {
    ...init,
    ...(source ? { body: source, duplex: 'half' } : {}),
    // A platform's request listens to its signal until it is collected, and one signal may serve thousands of calls.
    signal: null,
  })
  const signal = init.signal ?? (isRequest ? input.signal : undefined)
  const check = (sizeBytes: number): void => checkSize(sizeBytes, maxBodyBytes)
  const body = request.body ? await readBytes(request.body, { signal, checkSize: check }) : undefined
  return { headers: new Headers(request.headers), body }
}

/** Refuses a body that is larger than the limit.
 * @throws MultiplexerError `request-too-large`. */
export function checkSize(sizeBytes: number, maxBodyBytes: number): void {
  if (sizeBytes <= maxBodyBytes) return
  const problem = `The request body has ${sizeBytes} bytes or more; at most ${maxBodyBytes} are accepted (maxBodyBytes).`
  throw new MultiplexerError('request-too-large', problem)
}

function headersOf(input: string | URL | Request, init: RequestInit): Headers {
  return new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined))
}
