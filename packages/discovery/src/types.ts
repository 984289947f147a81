import type { ParticipantSet } from '@gonka/protocol'

/** The part of the platform's `fetch` that discovery calls; `globalThis.fetch` is one. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** Waits for `delayMs` milliseconds; rejects with `signal.reason` as soon as the signal aborts. */
export type Sleep = (delayMs: number, signal?: AbortSignal) => Promise<void>

/** Looks up a host name.
 * @param host - The name as a URL has it: lower case, `xn--` for others than ASCII, a trailing dot where there was one.
 * @param options.signal - Aborted when the answer is no longer wanted.
 * @returns Every IP address that a connection to the name may go to, as text. A rejection means that it does not resolve. */
export type ResolveHost = (host: string, options: { readonly signal: AbortSignal }) => Promise<readonly string[]>

/** Where warnings go; `console` is one. */
export interface DiscoveryLogger {
  /** @param message - What happened and what it means; never a secret.
   * @param details - Allow-listed fields: the source without credentials and query, a code, a status. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** Where trust in block headers comes from; nothing else can tell the chain from one that a node has made up.
 *
 * - `{ height, hash }`: anchored in a header that you know from elsewhere, such as the one of your own node. The hash has 64
 *   hex digits. Later headers are trusted by what the chain's validators signed.
 * - `{ witnesses, quorum }`: agreed. So many of these nodes must report the same header; run by people who do not collude.
 * - `'first-use'`: the first header that agrees with itself is pinned and continued from, as ssh does with host keys. Weaker:
 *   whoever answers first chooses the chain. */
export type Trust =
  | { readonly height: number | bigint; readonly hash: string }
  | { readonly witnesses: readonly string[]; readonly quorum: number }
  | 'first-use'

/** Remembers what was proven, as one text; see `createFileTrustStore`. What it holds is trusted: keep it where only you can
 * write. Any place for a text will do. */
export interface TrustStore {
  /** The text saved last, to the character; undefined when nothing ever was. */
  load(): Promise<string | undefined>
  /** Replaces the text as a whole. */
  save(text: string): Promise<void>
}

/** Options of {@link EndpointDiscovery}. At least one source is required. */
export interface EndpointDiscoveryOptions {
  /** URL of a node, `http://node1.example:8000`; a trailing `/v1` is dropped. Asked before `sourceUrls`. */
  readonly sourceUrl?: string | undefined
  /** URLs of more nodes, asked in this order when an earlier one fails. */
  readonly sourceUrls?: readonly string[] | undefined
  /** Accept only lists that the chain's validators signed; needs `trust` and `chainId`. @default whether `trust` is given */
  readonly verifyProofs?: boolean | undefined
  /** Where trust in headers comes from. Required to verify proofs. */
  readonly trust?: Trust | undefined
  /** The chain's id, such as `gonka-mainnet`. Required to verify proofs. Networks may share one: `trust` tells them apart. */
  readonly chainId?: string | undefined
  /** Remembers the newest proven epoch and the newest trusted header. @default memory, empty after a restart */
  readonly trustStore?: TrustStore | undefined
  /** How long validators answer for what they signed, in milliseconds, > 0: a trusted header that is older proves nothing.
   * Keep it well below the 48 hours in which the chain punishes double signing. @default 129_600_000, 36 hours */
  readonly trustingPeriodMs?: number | undefined
  /** Oldest proven list that counts as that of the epoch in force, in milliseconds, > 0. Lists of epochs asked for by number
   * may be older. @default 90_000_000, 25 hours: one epoch of 23 hours and slack */
  readonly maxAgeMs?: number | undefined
  /** How far headers may be ahead of the clock, in milliseconds, >= 0. @default 10_000 */
  readonly maxClockDriftMs?: number | undefined
  /** Limit of one request, from connecting to the last byte, in milliseconds, 1 to 2^31 - 1. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** Rounds over all sources after the first one, >= 0. @default 3 */
  readonly retryCount?: number | undefined
  /** Longest pause before the second round, in milliseconds; doubles each round, drawn at random from 0 up. @default 1_000 */
  readonly retryDelayMs?: number | undefined
  /** Largest answer that is read, in bytes after decompression. @default 8_388_608 */
  readonly maxResponseBytes?: number | undefined
  /** Accept participants at loopback, private and link-local hosts; then no name is looked up. Sources and witnesses are not
   * restricted: you named them. @default false */
  readonly allowPrivateHosts?: boolean | undefined
  /** Addresses that may take requests; `[]` means everyone. @default the list of the source's chain parameters */
  readonly transferAgents?: readonly string[] | undefined
  /** Told when the chain's transfer-agent list cannot be read, and of sources whose list is not proven. @default none */
  readonly logger?: DiscoveryLogger | undefined
  /** Looks up the names of participants' hosts; those that lead to a private address are left out. `async () => []` looks
   * up nothing. @default Node's, by which its `fetch` finds hosts; none in browsers, where names pass as written */
  readonly resolveHost?: ResolveHost | undefined
  /** Used instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
  /** Milliseconds since the Unix epoch, for the age of headers and dates in `Retry-After`. @default Date.now */
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
  /** Limit of the whole call, retries included, in milliseconds, 1 to 2^31 - 1. Each source has an equal share of it, so that
   * one that is silent does not use up the time of the others. @default none but those of each request and of the retries */
  readonly deadlineMs?: number | undefined
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
  /** A host name of which at least one address is loopback, private or link-local. */
  | 'host-resolves-private'
  /** An earlier entry has the same address. */
  | 'duplicate'

/** An entry that was left out. */
export interface Rejection {
  /** The address as the node wrote it, at most 64 characters; empty when there is none. */
  readonly address: string
  /** Why it was left out. */
  readonly reason: RejectionReason
  /** The host, with `host-refused` and `host-resolves-private`; at most 255 characters. */
  readonly host?: string | undefined
}

/** The header of the block whose app hash covers a proven list. */
export interface ProvingHeader {
  /** One above the height at which the list was recorded. */
  readonly height: number
  /** 64 hex digits in lower case. */
  readonly hash: string
  /** Time of the block, in milliseconds since the Unix epoch. */
  readonly timeMs: number
}

/** The participants of one epoch, where they come from and how far to trust them. */
export interface DiscoveryResult extends ParticipantSet {
  /** The source that answered, without credentials and query. */
  readonly sourceUrl: string
  /** `none`: the list is what the source said, unproven. Otherwise it is proven, under a header that is trusted because it
   * follows from the `anchored` one, because witnesses `agreed` on it, or because it follows from that of `first-use`. */
  readonly trust: 'anchored' | 'agreed' | 'first-use' | 'none'
  /** The header under which the list is proven; undefined when it is not. */
  readonly provenBy: ProvingHeader | undefined
  /** Entries that were left out. */
  readonly rejected: readonly Rejection[]
}
