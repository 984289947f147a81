import {
  anonymousRequest,
  GonkaDiscoveryError,
  type GonkaErrorCode,
  PATHS,
  parseBlockTime,
  readBodyText,
  runWithTimeout,
} from '@gonka/protocol'
import type { FetchLike } from './types.ts'

/** How a node is asked for the time. */
export interface FetchBlockTimeOptions {
  readonly fetch: FetchLike
  /** Longest time for the whole answer, in milliseconds. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** A status takes two kilobytes. */
const MAX_STATUS_BYTES = 65_536

/** The years 1970 to 2199: what a wrong block time adds to a wrong local time still fits a timestamp (int64). */
const EARLIEST_NS = 0n
const END_NS = 7_258_118_400_000_000_000n

/** Asks a node for the time of the latest block it knows.
 * @param nodeUrl - The node's URL without a trailing slash.
 * @returns Nanoseconds since the Unix epoch.
 * @throws {GonkaDiscoveryError} `discovery-failed`, `discovery-timeout`, `discovery-redirected`, `discovery-answer-too-large`
 * or `discovery-answer-invalid`; what the node wrote is not repeated.
 * @throws `signal.reason` when the signal aborts.
 * @see Protocol reference, sections 1.4 and 4.3 */
export async function fetchBlockTime(nodeUrl: string, options: FetchBlockTimeOptions): Promise<bigint> {
  const { fetch, timeoutMs, signal } = options
  const url = nodeUrl + PATHS.chainStatus
  const problem = `did not answer within ${timeoutMs} ms`
  const createTimeoutError = (): Error => failure(url, 'discovery-timeout', { problem })
  try {
    return await runWithTimeout((either) => askTime(url, fetch, either), { timeoutMs, signal, createTimeoutError })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof GonkaDiscoveryError) throw cause
    throw failure(url, 'discovery-failed', { problem: 'could not be reached, or broke off its answer', cause })
  }
}

async function askTime(url: string, fetch: FetchLike, signal: AbortSignal): Promise<bigint> {
  const response = await fetch(url, {
    ...anonymousRequest(),
    headers: { accept: 'application/json' },
    signal,
  })
  checkAnswer(url, response)
  const text = await readBodyText(response, MAX_STATUS_BYTES)
  const { status: statusCode } = response
  if (text === undefined) {
    const problem = `answered more than ${MAX_STATUS_BYTES} bytes`
    throw failure(url, 'discovery-answer-too-large', { problem, statusCode })
  }
  const timeNs = readTime(text)
  if (timeNs !== undefined) return timeNs
  const problem =
    'answered no status: result.sync_info.latest_block_time must be a time in UTC (RFC 3339), in the years 1970 to 2199'
  throw failure(url, 'discovery-answer-invalid', { problem, statusCode })
}

/** Browsers hide the status of a redirect; a `fetch` of the caller's may have followed it. */
function checkAnswer(url: string, response: Response): void {
  const { status: statusCode, type, redirected, ok } = response
  if (ok && !redirected) return
  response.body?.cancel().catch(() => {})
  if (redirected || type === 'opaqueredirect' || (statusCode >= 300 && statusCode < 400)) {
    const problem = 'answered with a redirect, which is never followed; use the URL of the node itself'
    throw failure(url, 'discovery-redirected', { problem, statusCode })
  }
  throw failure(url, 'discovery-failed', { problem: `answered ${statusCode}`, statusCode })
}

function readTime(text: string): bigint | undefined {
  try {
    const time: unknown = JSON.parse(text)?.result?.sync_info?.latest_block_time
    const timeNs = typeof time === 'string' ? parseBlockTime(time) : undefined
    return timeNs !== undefined && timeNs >= EARLIEST_NS && timeNs < END_NS ? timeNs : undefined
  } catch {
    return undefined
  }
}

interface Failure {
  readonly problem: string
  readonly statusCode?: number
  readonly cause?: unknown
}

function failure(url: string, code: GonkaErrorCode, { problem, ...details }: Failure): GonkaDiscoveryError {
  return new GonkaDiscoveryError(code, `${url} ${problem}.`, { sourceUrl: url, ...details })
}
