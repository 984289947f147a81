import {
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaError,
  GonkaProofVerificationError,
  runWithTimeout,
} from '@gonka/protocol'
import { SourceError } from './source-error.ts'
import type { Sleep } from './types.ts'
import { WitnessConflictError } from './witness-conflict-error.ts'

/** How often and how patiently sources are asked again. */
export interface AskOptions {
  /** Rounds after the first one. */
  readonly retryCount: number
  /** Longest pause before the second round, in milliseconds; doubles each round. */
  readonly retryDelayMs: number
  readonly random: () => number
  readonly sleep: Sleep
  /** Limit of all rounds together, in milliseconds; undefined is none. */
  readonly deadlineMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Asks one source. */
export type AskSource<T> = (sourceUrl: string, signal: AbortSignal | undefined) => Promise<T>

/** What has been said so far. */
interface Progress {
  readonly states: readonly SourceState[]
  readonly failures: GonkaError[]
}

interface SourceState {
  readonly sourceUrl: string
  /** What it said last. */
  error?: GonkaError
  /** Whether asking it again is useless. */
  isFinal: boolean
  /** How long it asked to be left alone, in milliseconds. */
  waitMs: number
}

/** No pause between rounds is longer, unless a source asks for it. */
const MAX_BACKOFF_MS = 30_000

/** Asks one source after the other, in rounds, until one gives a value. A source whose refusal is final, or that asked for
 * a pause, is passed over; the caller's abort ends everything. Under a deadline, each source has an equal share of it: one that
 * is silent must not use up the time of the others.
 * @throws {GonkaError} The only failure as it is, or one that lists what each source said, with a lie, else the last, as `cause`. */
export async function askSources<T>(sourceUrls: readonly string[], ask: AskSource<T>, options: AskOptions): Promise<T> {
  const { deadlineMs, signal } = options
  const states = sourceUrls.map((sourceUrl): SourceState => ({ sourceUrl, isFinal: false, waitMs: 0 }))
  const progress: Progress = { states, failures: [] }
  if (deadlineMs === undefined) return askInRounds(progress, ask, options)
  const shareMs = Math.ceil(deadlineMs / states.length)
  const createTimeoutError = (): Error => summarizeInTime(progress, shareMs)
  const askInShare: AskSource<T> = (sourceUrl, inner) =>
    runWithTimeout((own) => ask(sourceUrl, own), {
      timeoutMs: shareMs,
      signal: inner,
      createTimeoutError: () => outOfTime(sourceUrl, shareMs),
    })
  return runWithTimeout((inner) => askInRounds(progress, askInShare, { ...options, signal: inner }), {
    timeoutMs: deadlineMs,
    signal,
    createTimeoutError,
  })
}

async function askInRounds<T>({ states, failures }: Progress, ask: AskSource<T>, options: AskOptions): Promise<T> {
  const { retryCount, signal } = options
  for (let round = 0; ; round++) {
    for (const state of states) {
      if (state.isFinal || state.waitMs > 0) continue
      try {
        return await ask(state.sourceUrl, signal)
      } catch (error) {
        signal?.throwIfAborted()
        failures.push(recordFailure(state, error))
      }
    }
    if (round >= retryCount || states.every(({ isFinal }) => isFinal)) throw summarizeFailures({ states, failures })
    await pause(states, round, options)
  }
}

/** Time is up: whoever has said nothing was silent. */
function summarizeInTime({ states, failures }: Progress, shareMs: number): GonkaError {
  const all = [...failures]
  for (const state of states) {
    if (state.error) continue
    state.error = outOfTime(state.sourceUrl, shareMs)
    all.push(state.error)
  }
  return summarizeFailures({ states, failures: all })
}

function outOfTime(sourceUrl: string, shareMs: number): SourceError {
  const message = `${sourceUrl} did not answer within ${shareMs} ms, its share of the time for this call.`
  return new SourceError('discovery-timeout', message, { sourceUrl, retryable: true })
}

function recordFailure(state: SourceState, error: unknown): GonkaError {
  if (!(error instanceof GonkaError) || isLoud(error)) throw error
  state.error = error
  state.isFinal = !(error instanceof SourceError && error.retryable)
  state.waitMs = error instanceof SourceError ? (error.retryAfterMs ?? 0) : 0
  return error
}

/** What no other source can make good: a setting or store that is wrong, witnesses that contradict each other. */
function isLoud(error: GonkaError): boolean {
  return error instanceof GonkaConfigError || error instanceof WitnessConflictError
}

/** Full jitter, and at least until the first source that asked for a pause is ready again. */
async function pause(states: readonly SourceState[], round: number, options: AskOptions): Promise<void> {
  const { random, retryDelayMs, sleep, signal } = options
  const live = states.filter(({ isFinal }) => !isFinal)
  const backoffMs = random() * Math.min(retryDelayMs * 2 ** round, MAX_BACKOFF_MS)
  const delayMs = Math.max(backoffMs, Math.min(...live.map(({ waitMs }) => waitMs)))
  await sleep(delayMs, signal)
  for (const state of live) state.waitMs = Math.max(0, state.waitMs - delayMs)
}

/** Keeps the code when all sources failed alike, so that callers can switch on it. */
function summarizeFailures({ states, failures }: Progress): GonkaError {
  const errors = states.flatMap(({ error }) => (error ? [error] : []))
  const last = failures.at(-1) as GonkaError
  const alike = errors.every(({ code }) => code === last.code)
  if (failures.length === 1 || (alike && !(last instanceof GonkaDiscoveryError))) return last
  const said = errors.map(({ message }) => message).join(' ')
  return new GonkaDiscoveryError(
    alike ? last.code : 'discovery-failed',
    `No source gave a usable answer in ${failures.length} attempts. ${said}`,
    {
      sourceUrl: states.length === 1 ? states[0]?.sourceUrl : undefined,
      statusCode: last instanceof GonkaDiscoveryError ? last.statusCode : undefined,
      cause: errors.find((error) => error instanceof GonkaProofVerificationError) ?? last,
    },
  )
}
