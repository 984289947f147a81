import { GonkaClientError, HEADERS, NODE_ONLY_HEADERS, untilAborted } from '@gonka/protocol'

type Bytes = Uint8Array<ArrayBuffer>

/** A request whose every part is settled: what is signed is what is sent, as often as it is sent. */
export interface FrozenRequest {
  /** Absolute http(s) URL without credentials. */
  readonly url: string
  /** Upper case. */
  readonly method: string
  /** The caller's headers, free of those that would change or contradict the signature. */
  readonly headers: Headers
  /** The exact bytes to sign and send; undefined for GET and HEAD. */
  readonly body: Bytes | undefined
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined
  /** The caller's other options, passed on. */
  readonly init: RequestInit
}

/** Headers that this package alone decides on, and headers that only nodes may send. */
const REMOVED_HEADERS = [
  HEADERS.authorization,
  HEADERS.requesterAddress,
  HEADERS.timestamp,
  'content-length',
  ...NODE_ONLY_HEADERS,
]

/** Settles the arguments of a `fetch` call. A body is read to its end, once.
 * @throws {GonkaClientError} `url-invalid` when the URL is not absolute http(s) or carries credentials;
 * `request-unsupported` for a body on GET or HEAD, and for headers that HTTP does not allow.
 * @throws `signal.reason` when the signal aborts while the body is read. */
export async function freezeRequest(
  input: string | URL | Request,
  options?: RequestInit | null,
): Promise<FrozenRequest> {
  const init = options ?? {}
  const request = isRequest(input) ? input : undefined
  const signal = (init.signal === undefined ? request?.signal : init.signal) ?? undefined
  signal?.throwIfAborted()
  const url = checkUrl(request ? request.url : String(input))
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  const headers = copyHeaders(init.headers ?? request?.headers)
  for (const name of REMOVED_HEADERS) headers.delete(name)
  const bytes = await untilAborted(readBody(bodySource(request, init), headers), signal)
  return { url, method, headers, body: checkBody(method, bytes), signal, init }
}

/** By what it can do: a Request of another copy of the platform (undici's, a test environment's) is no instance of ours. */
function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && input !== null && 'arrayBuffer' in input
}

function copyHeaders(headers: HeadersInit | undefined): Headers {
  try {
    return new Headers(headers)
  } catch {
    // The platform's error is dropped on purpose: it quotes the value, which may be a key.
    throw new GonkaClientError(
      'request-unsupported',
      'headers must hold names and values that HTTP allows: no line break, nothing above U+00FF.',
      { field: 'headers' },
    )
  }
}

/** GET and HEAD have no body; everything else has one, if only an empty one, and is signed. */
function checkBody(method: string, bytes: Bytes | undefined): Bytes | undefined {
  if (method !== 'GET' && method !== 'HEAD') return bytes ?? new Uint8Array()
  if (bytes === undefined) return undefined
  throw new GonkaClientError('request-unsupported', `A ${method} request cannot have a body.`, { field: 'body' })
}

/** `Response` reads every kind of body that `fetch` takes, and copies bytes at once: later changes by the caller do not count. */
function bodySource(request: Request | undefined, init: RequestInit): Request | Response | undefined {
  if (init.body !== undefined && init.body !== null) return new Response(init.body)
  return request?.body ? request : undefined
}

async function readBody(source: Request | Response | undefined, headers: Headers): Promise<Bytes | undefined> {
  if (!source) return undefined
  const contentType = source.headers.get('content-type')
  if (contentType !== null && !headers.has('content-type')) headers.set('content-type', contentType)
  return new Uint8Array(await source.arrayBuffer())
}

function checkUrl(text: string): string {
  // Checked here because the platform's own errors quote the URL, credentials and all.
  const fail = (problem: string): never => {
    throw new GonkaClientError('url-invalid', `The request's URL must be absolute, http or https: ${problem}.`, {
      field: 'url',
    })
  }
  const url = URL.canParse(text) ? new URL(text) : fail('it does not parse')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') fail('it does not begin with http:// or https://')
  if (url.username !== '' || url.password !== '') fail('it carries credentials')
  return url.href
}
