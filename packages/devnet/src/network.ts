import type { Accounts } from './accounts.ts'
import type { Chain } from './chain.ts'
import type { Epochs } from './epochs.ts'
import type { Ledger } from './ledger.ts'
import type { DevnetMode, JsonDialect } from './types.ts'

/** Nanosecond window and block count that nodes judge timestamps and replays by; mainnet's genesis values.
 * @see Protocol reference, sections 1.4 and 1.5 */
export const VALIDATION = { timestampExpirationS: 60, timestampAdvanceS: 30 } as const

/** Blocks for which a node remembers a signature. */
export const REPLAY_BLOCKS: number = Math.max(4, Math.floor((2 * VALIDATION.timestampExpirationS) / 4))

/** Price of one token, prompt or completion, in ngonka. */
export const PRICE_PER_TOKEN = 1_000n

/** Who may do what, as the chain's parameters say. */
interface AccessParams {
  /** Empty allows everybody. */
  transferAgents: readonly string[]
  /** Below this height only `developers` are served; 0 switches the gate off. */
  developersUntilHeight: number
  developers: readonly string[]
}

/** What all nodes of one devnet share. */
export interface Network {
  readonly seed: string
  readonly mode: DevnetMode
  readonly dialect: JsonDialect
  readonly chainId: string
  /** The first block that there is. */
  readonly firstHeight: number
  readonly chain: Chain
  readonly ledger: Ledger
  readonly accounts: Accounts
  readonly epochs: Epochs
  readonly access: AccessParams
  readonly apiKey: string
  readonly latencyMs: number
  readonly tokenDelayMs: number
  readonly now: () => number
  /** Whether the node with this index listens. */
  isUp(index: number): boolean
}

/** Models that the epoch in force serves, sorted. */
export function servedModels({ epochs }: Network): string[] {
  return [...new Set(epochs.current.members.flatMap((member) => member.models))].sort()
}

/** Whether somebody can run the model now: in the epoch, not excluded, listening. */
export function hasExecutor(network: Network, model: string): boolean {
  const { members, excluded } = network.epochs.current
  return members.some(
    ({ models, address, index }) =>
      models.includes(model) && network.isUp(index) && !excluded.some((exclusion) => exclusion.address === address),
  )
}
