import type { GonkaDiscoveryError } from '@gonka/protocol'
import { type FetchJsonOptions, fetchJson, type JsonRequest, transportError } from './fetch-json.ts'
import { type Place, propertyOf } from './json-place.ts'

/** Asks the chain's RPC of a node, at a path below `/chain-rpc`, for its `result`. */
export type AskRpc = (path: string) => Promise<Place>

/** One JSON-RPC call over GET.
 * @throws {GonkaDiscoveryError} `discovery-failed` when the node reports an error, and the codes of {@link fetchJson}.
 * @throws {GonkaProofVerificationError} `rpc-answer-invalid` when the answer is no object. */
export async function askRpc({ baseUrl, path }: JsonRequest, options: FetchJsonOptions): Promise<Place> {
  const request = { baseUrl, path: `/chain-rpc${path}` }
  const answer: Place = { value: await fetchJson(request, options), field: 'answer', code: 'rpc-answer-invalid' }
  const { value: error } = propertyOf(answer, 'error')
  if (error !== undefined && error !== null) throw rpcError(request, error)
  return propertyOf(answer, 'result')
}

/** A height that does not exist yet, or no longer, or whatever else a node may refuse. */
function rpcError(request: JsonRequest, error: unknown): GonkaDiscoveryError {
  const { message, data } = error as { message?: unknown; data?: unknown }
  const said = [message, data].flatMap((text) => (typeof text === 'string' ? [text.slice(0, 200)] : [])).join(': ')
  return transportError(request, 'discovery-failed', { problem: `refused${said && `: ${JSON.stringify(said)}`}` })
}
