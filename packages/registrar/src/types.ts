import type { GonkaParticipant } from '@gonka/protocol'
import type { UpstreamSource } from '@multiplexer/core/router'

/** Makes the upstream through which one participant is reached. `createSigningClientFactory` gives one that needs nothing
 * but `fetch`; `GonkaClientFactory` of `@gonka/signer/openai` is one that makes OpenAI clients. */
export interface ParticipantClientFactory {
  /** Account that signs and pays for the requests. */
  readonly requesterAddress?: string | undefined
  /** Makes the upstream. Called once per participant and URL.
   * @throws When there can be no upstream for this participant; others are not affected. */
  createClient(participant: GonkaParticipant): UpstreamSource
}

/** Where the registrar reports what it skipped; console, pino and the multiplexer's own logger fit. */
export interface RegistrarLogger {
  /** Told of each participant that was skipped, and why. */
  warn(message: string, details?: object): void
}

/** How participants are registered. */
export interface RegisterOptions {
  /** Register in tier 1, used when tier 0 cannot serve, instead of tier 0. @default false */
  readonly asFallback?: boolean | undefined
}

/** How one participant is registered. Overrides stay with it through every `reconcile`. */
export interface RegisterOneOptions extends RegisterOptions {
  /** Used instead of the participant's weight, 0 to 2^53 - 1. @default the participant's */
  readonly weightOverride?: number | undefined
  /** Most requests in flight at once, >= 1. @default the registrar's `defaultMaxConcurrent` */
  readonly maxConcurrent?: number | undefined
}

/** What `reconcile` did, in participants. */
export interface ReconcileResult {
  /** New ones. */
  readonly added: number
  /** Ones that are gone. */
  readonly removed: number
  /** Ones that stayed and changed: URL, weight, models, tier. */
  readonly updated: number
  /** Ones that could not be registered or updated; each was logged, and is tried again next time. */
  readonly failed: number
}
