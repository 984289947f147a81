import { anonymousRequest, type GonkaErrorCode, readBodyText, runWithTimeout } from '@gonka/protocol'
import { describeRefusal, describeTransportError, isHtml } from './describe-failure.ts'
import { parseRetryAfter } from './parse-retry-after.ts'
import { SourceError } from './source-error.ts'
import type { FetchLike } from './types.ts'

/** What is asked of which source. */
export interface JsonRequest {
  /** The source's URL without a trailing slash. */
  readonly sourceUrl: string
  /** Path below it, with a leading slash. */
  readonly path: string
}

/** How it is asked. */
export interface FetchJsonOptions {
  readonly fetch: FetchLike
  readonly now: () => number
  /** Limit from connecting to the last byte, in milliseconds. */
  readonly timeoutMs: number
  /** Largest answer that is read. */
  readonly maxResponseBytes: number
  readonly signal?: AbortSignal | undefined
}

/** A refusal's reason is short; whatever is longer is not read. */
const MAX_REFUSAL_BYTES = 16_384

/** Asks a source for a JSON answer: one GET without credentials, no redirects, a byte limit and a time limit.
 * @returns The parsed JSON, of unknown shape.
 * @throws {SourceError} with the source, the status and whether asking again may help; `signal.reason` on abort. */
export function fetchJson(request: JsonRequest, options: FetchJsonOptions): Promise<unknown> {
  const { timeoutMs, signal } = options
  const createTimeoutError = (): Error =>
    createError(request, 'discovery-timeout', {
      problem: `did not answer within ${timeoutMs} ms; raise timeoutMs if it is only slow`,
      retryable: true,
    })
  return runWithTimeout((inner) => requestJson(request, { ...options, signal: inner }), {
    timeoutMs,
    signal,
    createTimeoutError,
  })
}

async function requestJson(request: JsonRequest, options: FetchJsonOptions): Promise<unknown> {
  const response = await transport(request, () => send(request, options))
  refuseRedirect(request, response)
  if (!response.ok) throw await createRefusal(request, response, options.now)
  const announced = Number(response.headers.get('content-length'))
  const text =
    announced > options.maxResponseBytes
      ? undefined
      : await transport(request, () => readBodyText(response, options.maxResponseBytes))
  if (text === undefined) throw tooLarge(request, response, options.maxResponseBytes)
  return parseJson(request, response, text)
}

function send({ sourceUrl, path }: JsonRequest, options: FetchJsonOptions): Promise<Response> {
  return options.fetch(`${sourceUrl}${path}`, {
    ...anonymousRequest(),
    method: 'GET',
    headers: { accept: 'application/json' },
    signal: options.signal ?? null,
  })
}

async function transport<T>(request: JsonRequest, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw createError(request, 'discovery-failed', {
      problem: `could not be reached, or broke off its answer${describeTransportError(cause)}`,
      retryable: true,
      cause,
    })
  }
}

/** Browsers hide the status of a redirect; a `fetch` of the caller's may have followed it. */
function refuseRedirect(request: JsonRequest, response: Response): void {
  const { status, type, redirected } = response
  if (!redirected && type !== 'opaqueredirect' && (status < 300 || status > 399)) return
  throw createError(request, 'discovery-redirected', {
    problem: 'answered with a redirect, which is never followed; use the URL of the node itself',
    response,
  })
}

async function createRefusal(request: JsonRequest, response: Response, now: () => number): Promise<SourceError> {
  const { status, headers } = response
  // The status says enough; a reason that breaks off is no reason to lose it.
  const text = await readBodyText(response, MAX_REFUSAL_BYTES).catch(() => '')
  return createError(request, 'discovery-failed', {
    problem: `answered ${status}${describeRefusal(text ?? '')}`,
    retryable: status === 408 || status === 429 || status >= 500,
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), now),
    response,
  })
}

function parseJson(request: JsonRequest, response: Response, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const problem = isHtml(text)
      ? 'answered HTML, is this a node?'
      : `answered ${text.length} characters that are not JSON, or were cut off`
    throw createError(request, 'discovery-answer-invalid', { problem, retryable: true, response, cause })
  }
}

function tooLarge(request: JsonRequest, response: Response, maxResponseBytes: number): SourceError {
  return createError(request, 'discovery-answer-too-large', {
    problem: `answered more than ${maxResponseBytes} bytes; raise maxResponseBytes if the list is really that long`,
    response,
  })
}

interface Problem {
  readonly problem: string
  readonly retryable?: boolean
  readonly retryAfterMs?: number | undefined
  readonly response?: Response
  readonly cause?: unknown
}

function createError({ sourceUrl, path }: JsonRequest, code: GonkaErrorCode, details: Problem): SourceError {
  const { problem, retryable = false, retryAfterMs, response, cause } = details
  const message = `${sourceUrl} ${problem} (GET ${path}).`
  return new SourceError(code, message, { sourceUrl, statusCode: response?.status, retryable, retryAfterMs, cause })
}
