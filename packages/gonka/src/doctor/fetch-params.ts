import { PATHS } from '@gonka/protocol'
import { askNode, readJson } from './ask-node.ts'
import type { DoctorPorts } from './types.ts'

/** The chain's parameters that decide who may send and take requests, and when a timestamp fits. */
export interface ChainParams {
  /** Empty lets everyone take requests. */
  readonly transferAgents: readonly string[]
  /** Below this height only `developers` are served; 0 is off. */
  readonly developersUntilHeight: bigint
  readonly developers: readonly string[]
  /** How far a timestamp may be behind and ahead of block time, in seconds. */
  readonly expirationS: number
  readonly advanceS: number
}

/** What nodes use where the parameter is 0 or missing. @see Protocol reference, section 1.4 */
const DEFAULT_WINDOW_S = 10

/** Asks a node for the chain's parameters.
 * @returns Undefined when it shows none: operators may close this path.
 * @see Protocol reference, section 4.2 */
export async function fetchParams(nodeUrl: string, ports: DoctorPorts): Promise<ChainParams | undefined> {
  const { params } = readJson(await askNode({ url: nodeUrl + PATHS.inferenceParams }, ports)) ?? {}
  if (typeof params !== 'object' || params === null) return undefined
  const fields = params as Record<string, Record<string, unknown> | null | undefined>
  const agents = fields.transfer_agent_access_params
  const developers = fields.developer_access_params
  const validation = fields.validation_params
  return {
    transferAgents: readList(agents?.allowed_transfer_addresses),
    developersUntilHeight: readInteger(developers?.until_block_height),
    developers: readList(developers?.allowed_developer_addresses),
    expirationS: Number(readInteger(validation?.timestamp_expiration)) || DEFAULT_WINDOW_S,
    advanceS: Number(readInteger(validation?.timestamp_advance)) || DEFAULT_WINDOW_S,
  }
}

function readList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string').map((each) => each.toLowerCase()) : []
}

function readInteger(value: unknown): bigint {
  const text = String(value)
  return /^\d{1,19}$/.test(text) ? BigInt(text) : 0n
}
