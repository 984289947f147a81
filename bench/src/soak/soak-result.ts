import type { RouterStats } from '@multiplexer/core'
import type { NetworkRecord } from './network-protocol.ts'
import type { Sample } from './process-meter.ts'
import type { NetworkStatus } from './soak-network.ts'
import type { Complaint, Tally, Traffic } from './traffic.ts'

/** How far a soak is. */
export interface Progress {
  readonly tally: Tally
  /** Undefined before the network's first second is over. */
  readonly status: NetworkStatus | undefined
  readonly inFlight: number
  readonly failovers: number
}

/** Everything that was measured. */
export interface SoakResult {
  readonly seed: number
  readonly durationS: number
  readonly inFlight: number
  readonly tally: Tally
  readonly complaints: readonly Complaint[]
  readonly interruptions: Traffic['interruptions']
  /** Whether every call ended once no new ones were made. */
  readonly drained: boolean
  readonly record: NetworkRecord
  /** Taken while calls were made; the first before the first call. */
  readonly samples: readonly Sample[]
  /** HTTP requests that had not ended when every call had. */
  readonly drainedRequests: number
  /** What the process holds when the network is gone. */
  readonly end: {
    readonly sockets: number
    readonly requests: number
    readonly timers: number
    /** Listeners on `process` that were not there before. */
    readonly newListeners: number
    /** Listeners on the signal that all calls shared. */
    readonly abortListeners: number
  }
  readonly alarms: readonly string[]
  /** The longest that the process was held up, by its own work or the machine's, in milliseconds. */
  readonly heldUpMs: number
  /** Of the multiplexer that delivers streams as they come, and of the one that holds them. */
  readonly stats: readonly RouterStats[]
  /** Of the same two. */
  readonly refreshes: readonly { readonly succeeded: number; readonly failed: number }[]
}
