import type { ParticipantSet } from '@gonka/protocol'

/** The part of the platform's `fetch` that discovery calls; `globalThis.fetch` is one. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** Waits for `delayMs` milliseconds; rejects with `signal.reason` as soon as the signal aborts. */
export type Sleep = (delayMs: number, signal?: AbortSignal) => Promise<void>

/** Where warnings go; `console` is one. */
export interface DiscoveryLogger {
  /** @param message - What happened and what it means; never a secret.
   * @param details - Allow-listed fields: the source without credentials and query, a code, a status. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** Options of {@link EndpointDiscovery}. At least one source is required. */
export interface EndpointDiscoveryOptions {
  /** URL of a node, `http://node1.example:8000`; a trailing `/v1` is dropped. Asked before `sourceUrls`. */
  readonly sourceUrl?: string | undefined
  /** URLs of more nodes, asked in this order when an earlier one fails. */
  readonly sourceUrls?: readonly string[] | undefined
  /** Accept only lists that the chain's validators signed. Not available yet: `true` is refused. @default false */
  readonly verifyProofs?: boolean | undefined
  /** Limit of one request, from connecting to the last byte, in milliseconds, 1 to 2^31 - 1. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** Rounds over all sources after the first one, >= 0. @default 3 */
  readonly retryCount?: number | undefined
  /** Longest pause before the second round, in milliseconds; doubles each round, drawn at random from 0 up. @default 1_000 */
  readonly retryDelayMs?: number | undefined
  /** Largest answer that is read, in bytes after decompression. @default 8_388_608 */
  readonly maxResponseBytes?: number | undefined
  /** Accept participants at loopback, private and link-local hosts. Sources are not restricted. @default false */
  readonly allowPrivateHosts?: boolean | undefined
  /** Addresses that may take requests; `[]` means everyone. @default the list of the source's chain parameters */
  readonly transferAgents?: readonly string[] | undefined
  /** Told when the chain's transfer-agent list cannot be read. @default none */
  readonly logger?: DiscoveryLogger | undefined
  /** Used instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
  /** Milliseconds since the Unix epoch, for dates in `Retry-After`. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Number in [0, 1) that draws the pauses. @default Math.random */
  readonly random?: (() => number) | undefined
  /** Waits between rounds. @default a timer */
  readonly sleep?: Sleep | undefined
}

/** Options of one call. */
export interface DiscoverOptions {
  /** Ends the call at once; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

/** Why an entry of the list is not among the participants. */
export type RejectionReason =
  /** Not an object, or a field of it is of the wrong type. */
  | 'entry-invalid'
  /** Not a `gonka1…` address. */
  | 'address-invalid'
  /** The chain excluded it in this epoch. */
  | 'excluded'
  /** The chain's (or your) list of transfer agents is not empty and does not name it. */
  | 'transfer-agent-not-allowed'
  /** Not an http or https URL, or one with credentials, query or fragment. */
  | 'url-invalid'
  /** A loopback, private or link-local host. */
  | 'host-refused'
  /** An earlier entry has the same address. */
  | 'duplicate'

/** An entry that was left out. */
export interface Rejection {
  /** The address as the node wrote it, at most 64 characters; empty when there is none. */
  readonly address: string
  /** Why it was left out. */
  readonly reason: RejectionReason
}

/** The participants of one epoch, where they come from and how far to trust them. */
export interface DiscoveryResult extends ParticipantSet {
  /** The source that answered, without credentials and query. */
  readonly sourceUrl: string
  /** `none`: the list is what the source said, unproven. */
  readonly trust: 'none'
  /** Entries that were left out. */
  readonly rejected: readonly Rejection[]
}
