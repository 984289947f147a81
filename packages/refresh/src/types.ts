import type { GonkaParticipant, GonkaRefreshError, ParticipantSet } from '@gonka/protocol'

/** Where the current participants come from; `EndpointDiscovery` of `@gonka/discovery` is one. */
export interface ParticipantSource {
  /** Fetches the current set. Rejects when there is none to be had; never resolves with a guess.
   * @param options.signal - Ends the fetch; the promise then rejects with its reason. */
  discover(options?: { signal?: AbortSignal | undefined }): Promise<SourcedSet>
}

/** A set with what its source says of it; `DiscoveryResult` of `@gonka/discovery` is one. */
export interface SourcedSet extends ParticipantSet {
  /** The node that gave the list, without credentials and query. */
  readonly sourceUrl?: string | undefined
  /** On whose word the list is proven; `none` when it is not. @default 'none' */
  readonly trust?: 'anchored' | 'agreed' | 'first-use' | 'none' | undefined
  /** The header under which the list is proven; undefined when it is not. */
  readonly provenBy?: SetProof | undefined
}

/** The header under which a list is proven. */
export interface SetProof {
  /** Height of the block. */
  readonly height: number
  /** 64 hex digits in lower case. */
  readonly hash: string
  /** Time of the block, in milliseconds since the Unix epoch. */
  readonly timeMs: number
}

/** Keeps the last good set as one text, so that a restart finds it while every source is down. Any place for a text will do;
 * what it holds decides whom requests are sent to: keep it where only you can write. */
export interface ParticipantStore {
  /** Where it is, for messages: the path of a file. */
  readonly location?: string | undefined
  /** The text saved last; undefined when nothing ever was. What it gives is checked before it is used. */
  load(): Promise<string | undefined>
  /** Replaces the text as a whole. */
  save(text: string): Promise<void>
}

/** A set as it was stored. */
export interface StoredSet extends SourcedSet {
  /** What it was stored for; see `ParticipantArchiveOptions.network`. */
  readonly network: string
  /** When a source last confirmed it, in milliseconds since the Unix epoch. */
  readonly storedAtMs: number
  readonly sourceUrl: string | undefined
  readonly trust: 'anchored' | 'agreed' | 'first-use' | 'none'
  readonly provenBy: SetProof | undefined
}

/** What an archive found: a set; or none, and why what is stored cannot be used, unless nothing is. */
export type LoadedSet =
  | { readonly set: StoredSet; readonly problem: undefined }
  | { readonly set: undefined; readonly problem: string | undefined }

/** The stored participants of one network; `createParticipantArchive` makes one. */
export interface ParticipantArchive {
  /** Reads what is stored. A store that fails, or holds anything else than a whole set of this network, is a `problem`.
   * @throws The signal's reason when it is aborted, and nothing else. */
  load(options?: { signal?: AbortSignal | undefined }): Promise<LoadedSet>
  /** Stores a set. Never rejects: a store that fails is logged. */
  save(set: SourcedSet): Promise<void>
}

/** Settings of an archive. */
export interface ParticipantArchiveOptions {
  /** What the sets belong to, such as the chain's id and the sources; a set stored under another text is not used. */
  readonly network: string
  /** Told when a set could not be stored. @default nobody */
  readonly logger?: Pick<RefreshLogger, 'warn'> | undefined
  /** Milliseconds since the Unix epoch. @default the platform's clock */
  readonly now?: (() => number) | undefined
  /** Longest wait for the store, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined
}

/** Who is told about a new set; `ModelRegistrar.sinkFor(pool)` of `@gonka/registrar` gives one. */
export interface ParticipantSink {
  /** Makes the set the one in use. When it throws, the set counts as not taken and is offered again at the next refresh. */
  reconcile(set: ParticipantSet): SinkChange | Promise<SinkChange>
}

/** What a sink did with a set, in participants. */
export interface SinkChange {
  /** New ones. */
  readonly added: number
  /** Ones that are gone. */
  readonly removed: number
  /** Ones that stayed and changed: URL, weight, models. */
  readonly updated: number
}

/** What one refresh did. */
export interface RefreshResult {
  /** False when the source failed, its set was refused, the sink failed or `stop()` ended the refresh. */
  readonly success: boolean
  /** True when the set belongs to a new epoch; also for the very first set. */
  readonly epochChanged: boolean
  /** Epoch before; undefined unless the epoch changed, and for the very first set. */
  readonly oldEpoch: number | undefined
  /** Epoch after; undefined unless the epoch changed. */
  readonly newEpoch: number | undefined
  /** Participants that the sink added. */
  readonly participantsAdded: number
  /** Participants that the sink removed. */
  readonly participantsRemoved: number
  /** Participants that the sink changed in place. */
  readonly participantsUpdated: number
  /** Why the refresh failed; undefined when it did not. */
  readonly error: GonkaRefreshError | undefined
}

/** Told about each new epoch after its participants are in use. Not waited for; what it throws is logged.
 * `oldEpoch` is undefined for the very first set, and above `newEpoch` when sources have taken an unproven one back. */
export type EpochChangeListener = (
  oldEpoch: number | undefined,
  newEpoch: number,
  participants: readonly GonkaParticipant[],
) => void | Promise<void>

/** Where refreshes are reported; console, pino and the multiplexer's own logger fit. */
export interface RefreshLogger {
  /** Told of each refresh that succeeded. */
  info(message: string, details?: object): void
  /** Told of failed refreshes and of listeners that threw. */
  warn(message: string, details?: object): void
}

/** Settings of a `RefreshManager`. */
export interface RefreshManagerOptions {
  /** Where sets come from. */
  readonly source: ParticipantSource
  /** Where sets go. */
  readonly sink: ParticipantSink
  /** Time between refreshes, in milliseconds, > 0. @default 60_000 */
  readonly intervalMs?: number | undefined
  /** Share of the interval by which a wait is shortened or lengthened at random, from 0 to below 1. @default 0.1 */
  readonly jitter?: number | undefined
  /** A set that the sink already has; the first refresh is then one interval away. @default none */
  readonly initial?: SourcedSet | undefined
  /** Whether `initial` is a stored set that no source has confirmed; see `RefreshManager.isStale`. @default false */
  readonly initialIsStale?: boolean | undefined
  /** Given each set that a refresh brought into use; see `createParticipantArchive`. @default none */
  readonly archive?: Pick<ParticipantArchive, 'save'> | undefined
  /** See `RefreshManager.onEpochChange`. */
  readonly onEpochChange?: EpochChangeListener | undefined
  /** Where refreshes are reported. @default nowhere */
  readonly logger?: RefreshLogger | undefined
  /** Milliseconds since the Unix epoch. @default the platform's clock */
  readonly now?: (() => number) | undefined
  /** Uniform in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined
}
