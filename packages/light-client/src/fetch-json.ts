import {
  anonymousRequest,
  describeErrorCode,
  GonkaDiscoveryError,
  type GonkaErrorCode,
  readBodyText,
} from '@gonka/protocol'
import type { FetchLike } from './types.ts'

/** How a node is asked. */
export interface FetchJsonOptions {
  readonly fetch: FetchLike
  /** Largest answer that is read, counted after decompression. */
  readonly maxResponseBytes: number
  readonly signal: AbortSignal
}

/** What is asked of which node. */
export interface JsonRequest {
  /** The node's URL without a trailing slash. */
  readonly baseUrl: string
  /** Path and query below it. */
  readonly path: string
}

/** One GET of a JSON answer, without credentials and redirects.
 * @returns The parsed JSON, of unknown shape; also that of a refusal, which says in `error` what was wrong.
 * @throws {GonkaDiscoveryError} `discovery-failed`, `discovery-redirected`, `discovery-answer-too-large`,
 * `discovery-answer-invalid`. */
export async function fetchJson(request: JsonRequest, options: FetchJsonOptions): Promise<unknown> {
  const { fetch, maxResponseBytes, signal } = options
  const response = await transport(request, () =>
    fetch(`${request.baseUrl}${request.path}`, {
      ...anonymousRequest(),
      method: 'GET',
      headers: { accept: 'application/json' },
      signal,
    }),
  )
  refuseRedirect(request, response)
  const text = await transport(request, () => readBodyText(response, maxResponseBytes))
  if (text === undefined) {
    const problem = `answered more than ${maxResponseBytes} bytes; raise maxResponseBytes if that is right`
    throw transportError(request, 'discovery-answer-too-large', { problem, response })
  }
  const json = parseJson(text)
  if (json !== undefined && (response.ok || hasError(json))) return json
  if (response.ok) throw transportError(request, 'discovery-answer-invalid', { problem: 'answered no JSON', response })
  const problem = `answered ${response.status}${describePage(text)}`
  throw transportError(request, 'discovery-failed', { problem, response })
}

/** What is known about a failed request. */
export interface TransportProblem {
  readonly problem: string
  readonly response?: Response | undefined
  readonly cause?: unknown
}

/** A node could not be asked, or its answer could not be read. That says nothing about the chain. */
export function transportError(
  { baseUrl, path }: JsonRequest,
  code: GonkaErrorCode,
  { problem, response, cause }: TransportProblem,
): GonkaDiscoveryError {
  const details = { sourceUrl: baseUrl, statusCode: response?.status, cause }
  return new GonkaDiscoveryError(code, `${baseUrl} ${problem} (GET ${path}).`, details)
}

async function transport<T>(request: JsonRequest, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    const problem = `could not be reached, or broke off its answer${describeErrorCode(cause)}`
    throw transportError(request, 'discovery-failed', { problem, cause })
  }
}

/** Browsers hide the status of a redirect; a `fetch` of the caller's may have followed it. */
function refuseRedirect(request: JsonRequest, response: Response): void {
  const { status, type, redirected } = response
  if (!redirected && type !== 'opaqueredirect' && (status < 300 || status > 399)) return
  const problem = 'answered with a redirect, which is never followed; use the URL of the node itself'
  throw transportError(request, 'discovery-redirected', { problem, response })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The proxy in front of a node refuses with a page of HTML, and does not say why. */
function describePage(text: string): string {
  return text.trimStart().startsWith('<') ? ' with HTML: the proxy of the node refused, perhaps its rate limit' : ''
}

function hasError(json: unknown): boolean {
  return Object.hasOwn(Object(json), 'error')
}
