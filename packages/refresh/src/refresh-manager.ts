import { GonkaRefreshError, type ParticipantSet, untilAborted } from '@gonka/protocol'
import { failed, succeeded } from './build-result.ts'
import { checkIntervalMs, checkJitter } from './check-options.ts'
import { checkSet } from './check-set.ts'
import { computeDelayMs } from './compute-delay.ts'
import { createRepeater, type Repeater } from './create-repeater.ts'
import { EpochGuard } from './epoch-guard.ts'
import { toRefreshError } from './to-refresh-error.ts'
import type {
  EpochChangeListener,
  ParticipantArchive,
  ParticipantSink,
  ParticipantSource,
  RefreshLogger,
  RefreshManagerOptions,
  RefreshResult,
  SinkChange,
  SourcedSet,
} from './types.ts'

interface RunningRefresh {
  readonly controller: AbortController
  readonly result: Promise<RefreshResult>
}

/** Without a set that a source has confirmed, no interval is longer: what an hour keeps fresh enough is not there yet. */
const MAX_WANTING_INTERVAL_MS = 60_000

/** Keeps a set of participants current: asks a source at intervals and hands what it gives to a sink.
 *
 * One refresh at a time; a failed refresh keeps the set in use; timers keep no process alive. The epoch of proven sets never goes
 * backwards; that of unproven ones only when three in a row say so, so that one lie about it does not last.
 * @example
 * const manager = new RefreshManager({ source, sink, intervalMs: 60_000 })
 * manager.onEpochChange = (oldEpoch, newEpoch) => console.log(`epoch ${oldEpoch} -> ${newEpoch}`)
 * manager.start()
 * await manager.stop() */
export class RefreshManager {
  /** Told about each new epoch once its participants are in use; may be replaced at any time. @default none */
  onEpochChange: EpochChangeListener | undefined

  readonly #source: ParticipantSource
  readonly #sink: ParticipantSink
  readonly #archive: Pick<ParticipantArchive, 'save'> | undefined
  readonly #logger: RefreshLogger | undefined
  readonly #jitter: number
  readonly #now: () => number
  readonly #random: () => number
  readonly #repeater: Repeater
  readonly #epochs = new EpochGuard()
  #intervalMs: number
  #set: SourcedSet | undefined
  #isStale: boolean
  #lastRefreshMs: number | undefined
  #failures = 0
  #running: RunningRefresh | undefined

  /** @param options - Source, sink and settings.
   * @throws {GonkaConfigError} `config-invalid` with field `intervalMs` or `jitter`. */
  constructor(options: RefreshManagerOptions) {
    const { intervalMs = 60_000, jitter = 0.1, now = () => Date.now(), random = () => Math.random() } = options
    this.#source = options.source
    this.#sink = options.sink
    this.#archive = options.archive
    this.#logger = options.logger
    this.#intervalMs = checkIntervalMs(intervalMs)
    this.#jitter = checkJitter(jitter)
    this.#set = options.initial
    this.#isStale = options.initial !== undefined && options.initialIsStale === true
    this.#now = now
    this.#random = random
    this.#repeater = createRepeater(
      () => this.#startRefresh().result,
      () => this.#delayMs(),
    )
    this.onEpochChange = options.onEpochChange
  }

  /** Epoch of the set in use; undefined before the first one. */
  get currentEpoch(): number | undefined {
    return this.#set?.epochId
  }

  /** The set in use, as the source gave it; undefined before the first one. */
  get currentSet(): ParticipantSet | undefined {
    return this.#set
  }

  /** True while the set in use is a stored one that no source has confirmed since; the first good refresh ends it. */
  get isStale(): boolean {
    return this.#isStale
  }

  /** When the last refresh succeeded; undefined before the first success. */
  get lastRefresh(): Date | undefined {
    return this.#lastRefreshMs === undefined ? undefined : new Date(this.#lastRefreshMs)
  }

  /** True between `start()` and `stop()`. */
  get isRunning(): boolean {
    return this.#repeater.isRunning
  }

  /** Starts refreshing in the background: at once when no set is known, else after one interval. Does nothing when running.
   * Until a source has given or confirmed a set, the interval counts as at most a minute.
   * @param intervalMs - Replaces the interval from now on, in milliseconds, > 0. @default the constructor's
   * @throws {GonkaConfigError} `config-invalid`, field `intervalMs`. */
  start(intervalMs: number = this.#intervalMs): void {
    checkIntervalMs(intervalMs)
    if (this.isRunning) return
    this.#intervalMs = intervalMs
    this.#repeater.start(this.#set === undefined ? 0 : this.#delayMs())
  }

  /** Stops refreshing, ends a running refresh through its signal and waits until it has ended. Does nothing when stopped. */
  async stop(): Promise<void> {
    this.#repeater.stop()
    const running = this.#running
    running?.controller.abort(
      new GonkaRefreshError('The refresh was ended by stop().', { lastSuccessfulEpoch: this.currentEpoch }),
    )
    await running?.result
  }

  /** Refreshes now, or joins the refresh that is running.
   * @param options.signal - Ends the wait of this caller only; the refresh goes on.
   * @returns What happened. A failing source or sink gives `success: false`, it does not reject.
   * @throws The signal's reason when it is aborted. */
  async refreshNow(options: { signal?: AbortSignal | undefined } = {}): Promise<RefreshResult> {
    options.signal?.throwIfAborted()
    return untilAborted(this.#startRefresh().result, options.signal)
  }

  #startRefresh(): RunningRefresh {
    if (this.#running) return this.#running
    const controller = new AbortController()
    const result = this.#refresh(controller.signal).finally(() => {
      this.#running = undefined
    })
    this.#running = { controller, result }
    return this.#running
  }

  async #refresh(signal: AbortSignal): Promise<RefreshResult> {
    const oldEpoch = this.currentEpoch
    try {
      // A source that ignores its signal must not keep stop() waiting.
      const set = await untilAborted(this.#discover(signal), signal)
      checkSet(set, oldEpoch)
      this.#epochs.check(set, this.#set)
      const change = await this.#sink.reconcile(set)
      const result = this.#accept(set, change)
      await this.#store(set)
      return result
    } catch (cause) {
      const error = toRefreshError(cause, oldEpoch)
      if (!signal.aborted) this.#reportFailure(error)
      return failed(error)
    }
  }

  async #discover(signal: AbortSignal): Promise<SourcedSet> {
    return this.#source.discover({ signal })
  }

  #accept(set: SourcedSet, change: SinkChange): RefreshResult {
    const result = succeeded(set, this.currentEpoch, change)
    this.#set = set
    this.#isStale = false
    this.#failures = 0
    this.#lastRefreshMs = this.#now()
    this.#log('info', 'participants refreshed', { epochId: set.epochId, ...change })
    if (result.epochChanged) this.#notify(result.oldEpoch, set)
    return result
  }

  /** The set is in use already; an archive that fails in spite of its promise changes nothing about that. */
  async #store(set: SourcedSet): Promise<void> {
    try {
      await this.#archive?.save(set)
    } catch (error) {
      this.#log('warn', 'the participants could not be stored', { epochId: set.epochId, error: nameOf(error) })
    }
  }

  #reportFailure(error: Error): void {
    this.#failures += 1
    this.#log('warn', error.message, { failures: this.#failures })
  }

  /** The listener is not waited for: it may itself call `refreshNow()` or `stop()`, which wait for this refresh. */
  #notify(oldEpoch: number | undefined, set: ParticipantSet): void {
    const listener = this.onEpochChange
    if (!listener) return
    const call = async (): Promise<void> => listener(oldEpoch, set.epochId, set.participants)
    call().catch((error: unknown) => {
      this.#log('warn', 'onEpochChange failed', { epochId: set.epochId, error: nameOf(error) })
    })
  }

  #delayMs(): number {
    const isWanting = this.#set === undefined || this.#isStale
    const intervalMs = isWanting ? Math.min(this.#intervalMs, MAX_WANTING_INTERVAL_MS) : this.#intervalMs
    return computeDelayMs(this.#failures, { intervalMs, jitter: this.#jitter, random: this.#random })
  }

  #log(level: 'info' | 'warn', message: string, details: object): void {
    const write = async (): Promise<void> => this.#logger?.[level](message, details)
    // A broken logger must not end the refreshes, nor the process.
    write().catch(() => undefined)
  }
}

/** Of errors that are not ours only the name is shown: their messages may hold anything. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
