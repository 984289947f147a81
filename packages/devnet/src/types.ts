/// <reference lib="esnext.disposable" preserve="true" />
import type { AccountOptions, DevnetAccount } from './accounts.ts'
import type { DevnetChain } from './chain.ts'
import type { DevnetNode } from './devnet-node.ts'

/** What the nodes of a devnet answer to chat requests: signed with scheme v1 or v2, retired (410), or Bearer keys. */
export type DevnetMode = 'classic-v1' | 'classic-v2' | 'retired' | 'gateway'

/** How discovery writes integers: JSON numbers with zeros omitted, decimal strings, or different from node to node. */
export type JsonDialect = 'numbers' | 'strings' | 'mixed'

/** One participant to create. */
export interface ParticipantSpec {
  /** Share of compute, a whole number from 0 to 2^53 - 1. @default derived from the seed, 10 to 100 */
  readonly weight?: number | undefined
  /** Model ids it serves. @default the devnet's `models` */
  readonly models?: readonly string[] | undefined
  /** Most chat requests in flight at once; more are answered 429. @default unlimited */
  readonly capacity?: number | undefined
  /** false: the node runs, and is not in the active set until `nextEpoch({ rejoin })` takes it in. @default true */
  readonly listed?: boolean | undefined
}

/** Options of `startDevnet`. */
export interface DevnetOptions {
  /** How many participants, or what each is like; at least one, at least one listed. @default 5 */
  readonly participants?: number | readonly ParticipantSpec[] | undefined
  /** Keys, weights and answers are derived from it. @default 'devnet' */
  readonly seed?: string | undefined
  /** The chain's id, 1 to 50 visible ASCII characters; part of everything validators sign. @default 'gonka-devnet' */
  readonly chainId?: string | undefined
  /** What the nodes answer to chat requests. @default 'classic-v2' */
  readonly mode?: DevnetMode | undefined
  /** Model ids that participants serve unless told otherwise. @default ['sim/model-a'] */
  readonly models?: readonly string[] | undefined
  /** How discovery writes integers. @default 'numbers' */
  readonly dialect?: JsonDialect | undefined
  /** The first epoch, >= 1. @default 7 */
  readonly epoch?: number | undefined
  /** Time between blocks in milliseconds; 0 makes blocks only by `chain.advance()` and `nextEpoch()`. @default 1_000 */
  readonly blockTimeMs?: number | undefined
  /** Time from a request to the first byte of its chat answer, in milliseconds. @default 0 */
  readonly latencyMs?: number | undefined
  /** Time between two events of a stream, in milliseconds. @default 0 */
  readonly tokenDelayMs?: number | undefined
  /** Wall clock in milliseconds since the Unix epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

/** One more entry of an active set, as somebody who writes what he likes has it. */
export interface Listing {
  /** Index of the node whose address and keys it has; the node's own entry stays. */
  readonly index: number
  /** Any text. @default the node's URL */
  readonly inferenceUrl?: string | undefined
  /** A whole number from 0 to 2^53 - 1. @default the node's weight */
  readonly weight?: number | undefined
}

/** What changes when an epoch turns. */
export interface EpochChange {
  /** How many participants join, or what each is like. @default 0 */
  readonly join?: number | readonly ParticipantSpec[] | undefined
  /** Indices of nodes that leave the active set; their servers keep running. @default [] */
  readonly leave?: readonly number[] | undefined
  /** Indices of nodes outside the active set that come (back) into it. @default [] */
  readonly rejoin?: readonly number[] | undefined
  /** New weights by node index. @default {} */
  readonly reweight?: Readonly<Record<number, number>> | undefined
  /** Entries beside those of the nodes in the set: an address twice, or a node outside it under any URL. They are gone when
   * the epoch turns again; their nodes stay. @default [] */
  readonly list?: readonly Listing[] | undefined
}

/** What an epoch turn did. */
export interface EpochTurn {
  /** The epoch now in force. */
  readonly epochId: number
  /** Nodes that are in this epoch and were not in the one before. */
  readonly joined: readonly DevnetNode[]
  /** Nodes that were in the epoch before and are not in this one. */
  readonly left: readonly DevnetNode[]
}

/** A block that a light client may be told to trust. */
export interface TrustAnchor {
  /** Height of the header, >= 1. */
  readonly height: number
  /** Hash of the header: 64 upper-case hex digits. */
  readonly hash: string
}

/** A running network. */
export interface Devnet extends AsyncDisposable {
  /** URL of the first node of the current epoch: a source for discovery. */
  readonly url: string
  /** URLs of the nodes of the current epoch. */
  readonly urls: readonly string[]
  /** Every node ever started, by index; those that left included. */
  readonly nodes: readonly DevnetNode[]
  /** A funded account with its public key on chain. */
  readonly account: DevnetAccount
  /** The key that nodes in mode `gateway` accept as `Authorization: Bearer`. */
  readonly apiKey: string
  /** The epoch in force. */
  readonly epochId: number
  /** The chain's id, as headers and `/status` name it. */
  readonly chainId: string
  /** Heights and block times. */
  readonly chain: DevnetChain
  /** @param index - 0 to `nodes.length - 1`.
   * @throws RangeError when there is no such node. */
  node(index: number): DevnetNode
  /** A block of the honest chain to trust.
   * @param height - Any block there is. @default the one that proves the list of the epoch in force: N + 1
   * @throws RangeError when there is no block at `height` (yet). */
  trustAnchor(height?: number): TrustAnchor
  /** Makes one more account, with a key derived from the seed.
   * @throws RangeError on a negative balance. */
  createAccount(options?: AccountOptions): DevnetAccount
  /** Balance of an account in ngonka; 0n when unknown. */
  balanceOf(address: string): bigint
  /** Turns the epoch. Changes wait for each other; a refused change changes nothing.
   * @throws RangeError naming the index or weight that does not fit. */
  nextEpoch(change?: EpochChange): Promise<EpochTurn>
  /** Puts a node of the current epoch on the list of excluded participants until the epoch turns.
   * @throws RangeError when the node is not in the current epoch. */
  exclude(index: number, reason?: string): void
  /** Sets the chain's list of allowed transfer agents; empty allows all. */
  setTransferAgents(addresses: readonly string[]): void
  /** Sets the developer gate: below `untilBlockHeight` only `allowed` requesters are served. */
  setDevelopers(gate: { readonly untilBlockHeight: number; readonly allowed: readonly string[] }): void
  /** Stops every node and closes every socket. Idempotent. */
  stop(): Promise<void>
}
