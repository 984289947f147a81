import type { EndpointDiscoveryOptions } from '@gonka/discovery'
import type { FetchLike } from '@multiplexer/core/router'
import type { GonkaConfigOptions, GonkaEnvironment } from '../config-options.ts'

/** What a check found: `warn` is worth knowing and stops nothing; `skipped` had nothing to look at. */
export type DoctorStatus = 'ok' | 'warn' | 'fail' | 'skipped'

/** What was checked. `source`, `participant`, `broker` and `proof` may come several times, each with its own subject. */
export type DoctorCheck =
  | 'configuration'
  | 'key'
  | 'address'
  | 'source'
  | 'participant'
  | 'broker'
  | 'account'
  | 'balance'
  | 'public-key'
  | 'developers'
  | 'transfer-agents'
  | 'clock'
  | 'protocol'
  | 'proof'
  | 'request'

/** The outcome of one check; its texts hold no secret and no control characters. */
export interface DoctorRow {
  /** What was checked. */
  readonly check: DoctorCheck
  /** Which source, participant, broker or account; undefined where there is only one. */
  readonly subject?: string | undefined
  /** What came of it. */
  readonly status: DoctorStatus
  /** What was found, in one sentence. */
  readonly detail: string
  /** What to do about it; undefined when there is nothing to do. */
  readonly next?: string | undefined
}

/** What a doctor found. */
export interface DoctorReport {
  /** Whether no check failed. */
  readonly ok: boolean
  /** One line: how many checks came out how, and who can answer requests. */
  readonly summary: string
  /** The checks, in the order in which their causes depend on each other: the first failure is the one to look at. */
  readonly checks: readonly DoctorRow[]
}

/** Options of `runDoctor`: the settings of the network, and how it is looked at. */
export interface DoctorOptions extends GonkaConfigOptions {
  /** Where `privateKey` was read from, for the report. @default the option or the environment variable by name */
  readonly keyOrigin?: string | undefined
  /** Sends one real, paid request of a few tokens through the same code as an application's. @default false */
  readonly send?: boolean | undefined
  /** Model of that request. @default what the member that is picked serves first */
  readonly model?: string | undefined
  /** Most participants of a source's list that are asked, >= 1; those of greatest weight are. @default 10 */
  readonly maxParticipants?: number | undefined
  /** Longest wait for one answer, in milliseconds: a whole number, 1 to 2^31 - 1. @default 10_000 */
  readonly timeoutMs?: number | undefined
  /** Told what is done next. @default nobody */
  readonly onProgress?: ((text: string) => void) | undefined
  /** Ends the checks. */
  readonly signal?: AbortSignal | undefined
  /** Environment variables. @default the process's, where there is one */
  readonly env?: GonkaEnvironment | undefined
  /** Used instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
  /** Looks up the names of participants' hosts; see `EndpointDiscoveryOptions`. @default Node's; none in browsers */
  readonly resolveHost?: EndpointDiscoveryOptions['resolveHost']
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

/** How the checks reach the network. */
export interface DoctorPorts {
  readonly fetch: FetchLike
  readonly now: () => number
  readonly resolveHost: DoctorOptions['resolveHost']
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}
