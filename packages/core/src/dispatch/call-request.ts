import { MultiplexerError } from '../errors.ts'
import { type BodyFacts, readBodyFacts } from './body-facts.ts'
import { isObjectText, prependField, spliceBytes } from './json-fields.ts'
import { checkSize, readPayload } from './read-payload.ts'

/** One call as it entered: everything an attempt needs, read once. */
export interface CallRequest extends BodyFacts {
  readonly method: string
  /** Path below the base URL without query, `/chat/completions`. */
  readonly path: string
  /** Query with its `?`, or empty. */
  readonly query: string
  /** The caller's headers without credentials and hop-by-hop headers. */
  readonly headers: Headers
  /** Header `x-multiplexer-affinity`: what should stay on one member. */
  readonly affinityKey: string | undefined
  /** Header `x-multiplexer-priority`: higher goes first when calls wait; 0 by default. */
  readonly priority: number
  /** The caller's abort signal. */
  readonly signal: AbortSignal | undefined
}

const AFFINITY_HEADER = 'x-multiplexer-affinity'
const PRIORITY_HEADER = 'x-multiplexer-priority'

/** Headers that belong to the caller's connection or account, never to an upstream. */
const DROPPED_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'authorization',
  'proxy-authorization',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'cookie',
  'openai-organization',
  'openai-project',
  'host',
  'connection',
  'proxy-connection',
  'keep-alive',
  'expect',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'content-length',
  'accept-encoding',
  AFFINITY_HEADER,
  PRIORITY_HEADER,
])

/** Reads a fetch call into a `CallRequest`.
 * @param input - As for `fetch`.
 * @param init - As for `fetch`.
 * @param maxBodyBytes - Largest accepted body.
 * @throws MultiplexerError `request-too-large` when the body is larger, `request-unsupported` when `fetch` could not send it or
 * when it goes round; the caller's abort reason. */
export async function readCallRequest(
  input: string | URL | Request,
  init: RequestInit | undefined,
  maxBodyBytes: number,
): Promise<CallRequest> {
  const url = new URL(input instanceof Request ? input.url : input, 'http://multiplexer.invalid')
  const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
  checkMethod(method, init?.body)
  const { headers, body } = await readPayload(input, { ...init, method }, maxBodyBytes)
  checkSize(body?.length ?? 0, maxBodyBytes)
  const affinityKey = headers.get(AFFINITY_HEADER) ?? undefined
  const priority = Number(headers.get(PRIORITY_HEADER)) || 0
  cleanHeaders(headers, body)
  recordPassage(headers)
  return {
    method,
    path: apiPath(url.pathname),
    query: url.search,
    headers,
    ...readBodyFacts(body),
    affinityKey,
    priority,
    signal: init?.signal ?? (input instanceof Request ? input.signal : undefined),
  }
}

/** Refuses here what every member's `fetch` would refuse: it would be held against them. */
function checkMethod(method: string, body: unknown): void {
  const canHaveBody = method !== 'GET' && method !== 'HEAD'
  if (METHODS.includes(method) && (canHaveBody || body === undefined || body === null)) return
  const problem = METHODS.includes(method) ? `${method} cannot have a body` : `the method must be ${METHODS.join(', ')}`
  throw new MultiplexerError('request-unsupported', `The request cannot be sent: ${problem}.`)
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Drops what is not for an upstream, and names the type of a JSON object: servers refuse one that comes without. */
function cleanHeaders(headers: Headers, body: Uint8Array | undefined): void {
  for (const name of [...headers.keys()]) if (DROPPED_HEADERS.has(name)) headers.delete(name)
  if (body && isObjectText(body) && !headers.has('content-type')) headers.set('content-type', 'application/json')
}

/** Signs the header that HTTP has for it, as every proxy does. Pages cannot send it, so it costs them no permission of a server.
 * @throws MultiplexerError `request-unsupported` when the request has come by too often: else it would go round for ever. */
function recordPassage(headers: Headers): void {
  const passages = headers.get('via')?.split(SIGNATURE).length ?? 1
  if (passages > MAX_PASSAGES) {
    const problem = `The request has passed ${MAX_PASSAGES} multiplexers: one is a member of itself, directly or through others. Remove that member.`
    throw new MultiplexerError('request-unsupported', problem)
  }
  headers.append('via', SIGNATURE)
}

const SIGNATURE = '1.1 multiplexer'
const MAX_PASSAGES = 8

/** The body with its model replaced, or the same bytes when that changes nothing. A body without a model gets one. */
export function bodyWithModel(request: CallRequest, model: string): Uint8Array<ArrayBuffer> | undefined {
  const { body, modelSpan } = request
  if (!body || request.model === model) return body
  return modelSpan ? spliceBytes(body, modelSpan, JSON.stringify(model)) : prependField(body, 'model', model)
}

/** Strips the part of the path that belongs to a base URL: everything up to and including the last `/v1`. */
function apiPath(pathname: string): string {
  const path = pathname.replace(/^.*\/v1(?=\/|$)/, '').replace(/\/+$/, '')
  return path === '' ? '/' : path
}
