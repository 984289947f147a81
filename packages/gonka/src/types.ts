import type { EndpointDiscoveryOptions, ProvingHeader, Rejection, Sleep } from '@gonka/discovery'
import type { GonkaError, GonkaParticipant } from '@gonka/protocol'
import type { EpochChangeListener, RefreshManager } from '@gonka/refresh'
import type { ModelRegistrar } from '@gonka/registrar'
import type { Clock } from '@gonka/signer'
import type { FetchLike, Logger } from '@multiplexer/core/router'
import type { RegisteredBroker } from './brokers/register-brokers.ts'
import type { GonkaConfigOptions, GonkaEnvironment } from './config-options.ts'
import type { NetworkTrust } from './create-network-source.ts'
import type { GonkaConfig } from './gonka-config.ts'

/** Options of `registerGonkaModels`. A field given here wins over `config`, that over the environment, that over the default. */
export interface RegisterGonkaModelsOptions extends GonkaConfigOptions {
  /** Settings made elsewhere: a `GonkaConfig`, or the plain options of one. */
  readonly config?: GonkaConfig | GonkaConfigOptions | undefined
  /** Timeouts, retries, limits and ages of discovery. @default see `EndpointDiscovery` */
  readonly discovery?:
    | Pick<
        EndpointDiscoveryOptions,
        | 'timeoutMs'
        | 'retryCount'
        | 'retryDelayMs'
        | 'maxResponseBytes'
        | 'transferAgents'
        | 'resolveHost'
        | 'trustingPeriodMs'
        | 'maxAgeMs'
        | 'maxClockDriftMs'
      >
    | undefined
  /** How long the sources are waited for, retries included, when `participantStore` holds a list that can stand in, in
   * milliseconds, 1 to 2^31 - 1; each source has an equal share of it. When time is up the stored list is used, and the refresh
   * manager goes on asking. Without such a list, sources have all the time and retries of `discovery`. @default 10_000 */
  readonly startTimeoutMs?: number | undefined
  /** Told of each new epoch that a refresh brings; the first one is in the result. */
  readonly onEpochChange?: EpochChangeListener | undefined
  /** Ends the registration; refreshes that have started go on. */
  readonly signal?: AbortSignal | undefined
  /** Told of refreshes, skipped participants and discovery's warnings. @default nobody */
  readonly logger?: Logger | undefined
  /** Environment variables. @default the process's, where there is one */
  readonly env?: GonkaEnvironment | undefined
  /** Used for discovery, for signed requests and for brokers, instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
  /** Source of timestamps for signatures. @default a chain clock that asks the sources, or without any the endpoints, for block
   * time once a node refuses a timestamp */
  readonly clock?: Clock | undefined
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Uniform in [0, 1); varies retries and refreshes. @default Math.random */
  readonly random?: (() => number) | undefined
  /** Waits between discovery's retries. @default a timer */
  readonly sleep?: Sleep | undefined
}

/** What `registerGonkaModels` did. */
export interface GonkaRegistrationResult {
  /** How many members were added: participants and brokers. */
  readonly modelsRegistered: number
  /** The participants, found (or stored) and configured ones. */
  readonly participants: readonly GonkaParticipant[]
  /** True when every source was down or silent and the participants are those that `participantStore` held. `refreshManager.isStale`
   * tells when that ends. */
  readonly stale: boolean
  /** When a source last confirmed the stored participants; undefined unless `stale`. */
  readonly storedAt: Date | undefined
  /** Why no source's list is in use; undefined when one is, or when there is no source. The refresh manager asks again. */
  readonly discoveryError: GonkaError | undefined
  /** The source that gave the list, now or before it was stored; undefined when no list is in use. */
  readonly sourceUrl: string | undefined
  /** The brokers, each with the name of its member, by which `pool.removeModel(name)` takes it out again. */
  readonly brokers: readonly RegisteredBroker[]
  /** Keeps them current, already started; undefined when refreshing is off or there is no source. */
  readonly refreshManager: RefreshManager | undefined
  /** Epoch of the participants; 0 when all are configured by hand, or there are none yet. */
  readonly epochId: number
  /** Account that signs and pays; undefined when there are only brokers and no key. */
  readonly requesterAddress: string | undefined
  /** Entries of the network's list that were left out, and why. */
  readonly rejected: readonly Rejection[]
  /** How far the network's list can be trusted; of a stored one, when it was stored. Endpoints that were configured by hand are yours to trust. */
  readonly trust: NetworkTrust
  /** The header under which the list is proven; undefined when it is not. */
  readonly provenBy: ProvingHeader | undefined
  /** Holds the participants' members; `unregisterAll(pool)` takes them out again, after `refreshManager.stop()`. */
  readonly registrar: ModelRegistrar
}
