import type { GonkaParticipant, GonkaRefreshError, ParticipantSet } from '@gonka/protocol'

/** Where the current participants come from; `EndpointDiscovery` of `@gonka/discovery` is one. */
export interface ParticipantSource {
  /** Fetches the current set. Rejects when there is none to be had; never resolves with a guess.
   * @param options.signal - Ends the fetch; the promise then rejects with its reason. */
  discover(options?: { signal?: AbortSignal | undefined }): Promise<ParticipantSet>
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
 * `oldEpoch` is undefined for the very first set. */
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
  readonly initial?: ParticipantSet | undefined
  /** See `RefreshManager.onEpochChange`. */
  readonly onEpochChange?: EpochChangeListener | undefined
  /** Where refreshes are reported. @default nowhere */
  readonly logger?: RefreshLogger | undefined
  /** Milliseconds since the Unix epoch. @default the platform's clock */
  readonly now?: (() => number) | undefined
  /** Uniform in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined
}
