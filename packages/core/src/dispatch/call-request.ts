import { MultiplexerError } from '../errors.ts'
import { type FieldSpan, findTopLevelFields, isObjectText, prependField, spliceBytes } from './json-fields.ts'
import { checkSize, readPayload } from './read-payload.ts'

/** One call as it entered: everything an attempt needs, read once. */
export interface CallRequest {
  readonly method: string
  /** Path below the base URL without query, `/chat/completions`. */
  readonly path: string
  /** Query with its `?`, or empty. */
  readonly query: string
  /** The caller's headers without credentials and hop-by-hop headers. */
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | undefined
  /** The `model` of the body; undefined when it names none. */
  readonly model: string | undefined
  /** Where the model stands in the body. */
  readonly modelSpan: FieldSpan | undefined
  /** Whether the body asks for a stream. */
  readonly stream: boolean
  /** Whether the body names something that one upstream keeps: another one does not find it. */
  readonly namesStored: boolean
  /** Tokens that the call may use: a quarter of the body's bytes plus the most that it allows for the answer. */
  readonly estimatedTokens: number
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
 * @throws MultiplexerError `request-too-large` when the body is larger, `request-unsupported` when `fetch` could not send it; the
 * caller's abort reason. */
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
  const fields = body && findTopLevelFields(body, READ_FIELDS)
  const modelSpan = fields?.get('model')
  const streamSpan = fields?.get('stream')
  return {
    method,
    path: apiPath(url.pathname),
    query: url.search,
    headers,
    body,
    model: body && modelSpan && parseText(body, modelSpan),
    modelSpan,
    stream: body !== undefined && streamSpan !== undefined && body[streamSpan.start] === 0x74,
    namesStored: body && fields ? STORED_FIELDS.some((name) => isGiven(body, fields.get(name))) : false,
    estimatedTokens: body && fields ? estimateTokens(body, fields) : 0,
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

/** Fields that say how long the answer may get; the first one that is there counts. */
const LENGTH_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const
/** Fields that name what one upstream keeps, such as the former answer that a conversation goes on from. */
const STORED_FIELDS = ['previous_response_id', 'conversation'] as const
const READ_FIELDS: readonly string[] = ['model', 'stream', ...LENGTH_FIELDS, ...STORED_FIELDS]

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

function estimateTokens(body: Uint8Array, fields: ReadonlyMap<string, FieldSpan>): number {
  const name = LENGTH_FIELDS.find((field) => fields.has(field))
  const span = name && fields.get(name)
  const answer = span && parseValue(body, span)
  return Math.ceil(body.length / 4) + (Number.isSafeInteger(answer) ? Math.max(0, Number(answer)) : 0)
}

function isGiven(body: Uint8Array, span: FieldSpan | undefined): boolean {
  return span !== undefined && parseValue(body, span) !== null
}

function parseText(body: Uint8Array, span: FieldSpan): string | undefined {
  const value = parseValue(body, span)
  return typeof value === 'string' ? value : undefined
}

function parseValue(body: Uint8Array, { start, end }: FieldSpan): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body.subarray(start, end)))
  } catch {
    return undefined
  }
}
