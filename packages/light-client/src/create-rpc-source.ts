import { type GonkaDiscoveryError, parseHttpUrl, runWithTimeout } from '@gonka/protocol'
import { type AskRpc, askRpc } from './ask-rpc.ts'
import { refusal } from './errors.ts'
import { transportError } from './fetch-json.ts'
import { fetchValidators } from './fetch-validators.ts'
import { propertyOf } from './json-place.ts'
import { INT64, parseInteger } from './parse-integer.ts'
import { parseSignedHeader } from './parse-signed-header.ts'
import type { BlockSource, CallOptions, FetchLike, SignedHeader } from './types.ts'

/** Options of {@link createRpcSource}. */
export interface RpcSourceOptions {
  /** URL of a node, such as `http://node1.example:8000`; the chain's RPC is below its `/chain-rpc`. */
  readonly url: string
  /** Limit of one call, all pages included, in milliseconds, 1 to 2^31 - 1. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** Largest answer that is read, in bytes after decompression. @default 8_388_608 */
  readonly maxResponseBytes?: number | undefined
  /** Used instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
}

/** What a node says about itself. */
export interface RpcStatus {
  /** Id of the chain it follows. */
  readonly chainId: string
  /** Height of its newest block. */
  readonly latestHeight: bigint
  /** Whether it is still loading old blocks; its newest is then not the chain's. */
  readonly catchingUp: boolean
}

/** A node's RPC as a source of blocks. */
export interface RpcSource extends BlockSource {
  /** The node's URL. */
  readonly url: string
  /** Asks what the node believes to be the newest block. Proves nothing. */
  status(options?: CallOptions): Promise<RpcStatus>
}

const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Makes a source of blocks from the RPC of a node, `/chain-rpc/commit`, `/validators` and `/status`.
 * @param options.url - The node's URL.
 * @returns A source without state. Its methods throw {GonkaDiscoveryError} when the node cannot be asked or read:
 * `discovery-failed`, `discovery-timeout`, `discovery-redirected`, `discovery-answer-too-large`,
 * `discovery-answer-invalid`; {GonkaProofVerificationError} when what it says cannot be true: `rpc-answer-invalid` and the
 * codes of {@link parseSignedHeader} and {@link parseValidators}; `signal.reason` on abort.
 * @throws {GonkaConfigError} `url-invalid`. @throws {RangeError} on limits out of range.
 * @example const source = createRpcSource({ url: 'http://node1.gonka.ai:8000' }) */
export function createRpcSource(options: RpcSourceOptions): RpcSource {
  const { url, timeoutMs = 30_000, maxResponseBytes = 8_388_608 } = options
  const baseUrl = parseHttpUrl(url)
  checkCount(timeoutMs, MAX_TIMEOUT_MS, 'timeoutMs')
  checkCount(maxResponseBytes, Number.MAX_SAFE_INTEGER, 'maxResponseBytes')
  const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const run = <T>(task: (ask: AskRpc) => Promise<T>, signal: AbortSignal | undefined): Promise<T> =>
    runWithTimeout((inner) => task((path) => askRpc({ baseUrl, path }, { fetch, maxResponseBytes, signal: inner })), {
      timeoutMs,
      signal,
      createTimeoutError: () => timeoutError(baseUrl, timeoutMs),
    })
  return {
    url: baseUrl,
    signedHeader: (height, { signal } = {}) => run((ask) => fetchSignedHeader(ask, height), signal),
    validators: (height, { signal } = {}) => run((ask) => fetchValidators(ask, height), signal),
    status: ({ signal } = {}) => run(fetchStatus, signal),
  }
}

async function fetchSignedHeader(ask: AskRpc, height: bigint | 'latest'): Promise<SignedHeader> {
  const result = await ask(height === 'latest' ? '/commit' : `/commit?height=${height}`)
  const signedHeader = parseSignedHeader(propertyOf(result, 'signed_header').value)
  const { height: found } = signedHeader.header
  if (height === 'latest' || found === height) return signedHeader
  throw refusal(
    'rpc-answer-invalid',
    `The node was asked for the header at height ${height} and gave that of ${found}.`,
  )
}

async function fetchStatus(ask: AskRpc): Promise<RpcStatus> {
  const result = await ask('/status')
  const sync = propertyOf(result, 'sync_info')
  const chainId = propertyOf(propertyOf(result, 'node_info'), 'network').value
  const catchingUp = propertyOf(sync, 'catching_up').value
  if (typeof chainId !== 'string' || typeof catchingUp !== 'boolean') {
    throw refusal('rpc-answer-invalid', 'The status must have node_info.network and sync_info.catching_up.')
  }
  return { chainId, latestHeight: parseInteger(propertyOf(sync, 'latest_block_height'), INT64), catchingUp }
}

function timeoutError(baseUrl: string, timeoutMs: number): GonkaDiscoveryError {
  const problem = `did not answer within ${timeoutMs} ms; raise timeoutMs if it is only slow`
  return transportError({ baseUrl, path: '/chain-rpc' }, 'discovery-timeout', { problem })
}

function checkCount(value: number, max: number, field: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return
  throw new RangeError(`${field} must be an integer from 1 to ${max}; got ${value}.`)
}
