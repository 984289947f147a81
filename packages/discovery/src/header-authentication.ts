import type { BlockSource, Header, TrustedState } from '@gonka/light-client'
import type { FetchLike } from './types.ts'

/** What all kinds of trust need. */
export interface HeaderSettings {
  readonly chainId: string
  readonly trustingPeriodMs: number
  readonly maxClockDriftMs: number
  readonly now: () => number
}

/** A header that is needed. */
export interface HeaderRequest {
  /** The node that is asked for it. */
  readonly sourceUrl: string
  /** The same node as a source of blocks. */
  readonly source: BlockSource
  readonly height: bigint
  /** What was trusted before; undefined at first use. */
  readonly known: TrustedState | undefined
  readonly signal?: AbortSignal | undefined
}

/** A header that can be trusted. */
export interface AuthenticHeader {
  readonly header: Header
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** The newest trusted header, to go on from; undefined where trust does not grow. */
  readonly state: TrustedState | undefined
}

/** Gives the header of a height, or throws what speaks against it. */
export type AuthenticateHeader = (request: HeaderRequest) => Promise<AuthenticHeader>

/** How nodes are asked. */
export interface RpcSettings {
  readonly fetch: FetchLike
  readonly timeoutMs: number
  readonly maxResponseBytes: number
}
