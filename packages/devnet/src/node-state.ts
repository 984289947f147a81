import type { AccountKeys } from './derive.ts'
import type { Distortion } from './liars/tell-lie.ts'
import type { Network } from './network.ts'
import type { ReplayMemory } from './replay-memory.ts'

/** What the handlers of one node read and count. */
export interface NodeState {
  readonly index: number
  readonly keys: AccountKeys
  readonly validatorKey: Uint8Array
  readonly network: Network
  readonly replay: ReplayMemory
  readonly capacity: number
  readonly models: readonly string[]
  /** Weight for the epochs to come. */
  weight: number
  /** How the node lies about the chain; undefined is honest. */
  distort: Distortion | undefined
  /** Empty until the node listens for the first time. */
  url: string
  /** Chat requests accepted, being answered, and answered to the end. */
  accepted: number
  inFlight: number
  served: number
}

/** A request with its body, ready to be routed. */
export interface ReceivedRequest {
  readonly method: string
  /** Path without query and without the `/api` alias. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case; repeated headers joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}
