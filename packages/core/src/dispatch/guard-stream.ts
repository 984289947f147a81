import type { Bytes } from '../types.ts'
import { createVerdict, type Verdict } from '../verdict.ts'
import type { AttemptScope } from './call-scope.ts'
import { joinBytes } from './read-bytes.ts'
import type { StreamWatcher } from './stream-watcher.ts'

/** How much of a stream is held back before the caller sees any of it. */
export type CommitMode = 'first-content' | 'complete'

/** What the guard needs to know about its stream. */
export interface GuardedStream {
  readonly body: ReadableStream<Uint8Array>
  /** Follows the events; undefined for streams whose events we do not know: they are passed on as they are. */
  readonly watcher: StreamWatcher | undefined
  readonly scope: AttemptScope
  /** Longest pause between two events once content has come, in milliseconds. */
  readonly idleMs: number
  /** When a stream that is held back until it is whole must have ended, in milliseconds; Infinity for never. */
  readonly endsAtMs: number
  readonly now: () => number
}

/** What becomes of a committed stream, told exactly once. */
export interface StreamEnd {
  /** The verdict on the attempt. */
  readonly settle: (verdict: Verdict) => void
  /** Builds what the consumer's read rejects with after the stream broke off. */
  readonly interrupt: (cause: unknown) => { verdict: Verdict; error: unknown }
}

/** Holds a stream back until it may be committed, then passes it on while watching for its end. */
export class StreamGuard {
  readonly #stream: GuardedStream
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #held: Uint8Array[] = []
  #heldBytes = 0
  #heldEvents = 0
  #isLastClock = false
  #ended = false
  #settled = false
  #isReading = false
  #idleLeftMs: number
  #firstContentAtMs: number | undefined

  constructor(stream: GuardedStream) {
    this.#stream = stream
    this.#reader = stream.body.getReader()
    this.#idleLeftMs = stream.idleMs
  }

  /** When the first content came, on the stream's clock; undefined before, and for streams that are not watched. */
  get firstContentAtMs(): number | undefined {
    return this.#firstContentAtMs
  }

  /** Whether the stream has ended before any of it was passed on. */
  get isHeldWhole(): boolean {
    return this.#ended
  }

  /** What came before the stream was committed. */
  get heldBytes(): Bytes {
    return joinBytes(this.#held)
  }

  /** Reads ahead until failing over would be too late, or needless.
   * @returns undefined when the stream is committed; else what went wrong while nothing had been delivered.
   * @throws what the transport's stream or a clock throws. */
  async open(commit: CommitMode): Promise<Verdict | undefined> {
    try {
      const failure = await this.#readAhead(commit)
      if (failure) this.#stop(new Error('the stream was given up'))
      return failure
    } catch (error) {
      this.#stop(error)
      throw error
    }
  }

  async #readAhead(commit: CommitMode): Promise<Verdict | undefined> {
    const { watcher } = this.#stream
    if (!watcher) return undefined
    while (commit === 'complete' || !watcher.hasContent) {
      const bytes = await this.#next()
      const fits = bytes === undefined || this.#hold(bytes, watcher)
      if (watcher.failure) return watcher.failure
      if (!bytes) return watcher.isComplete ? undefined : giveUp('the stream ended early')
      if (!fits) return giveUp('the stream is too long to hold')
    }
    return undefined
  }

  /** Keeps bytes back; false when there are too many. From the first content on, or from the end of an answer without any, every
   * event restarts the idle clock. */
  #hold(bytes: Uint8Array, { hasContent, isDone, events }: StreamWatcher): boolean {
    this.#held.push(bytes)
    if (hasContent) this.#firstContentAtMs ??= this.#stream.now()
    this.#heldBytes += bytes.length
    if ((hasContent || isDone) && events !== this.#heldEvents) this.#armHeld()
    this.#heldEvents = events
    return this.#heldBytes <= MAX_HELD_BYTES
  }

  /** Starts the idle clock anew, or once and for all the last one: no event puts off the end of the attempt's time. */
  #armHeld(): void {
    const { scope, endsAtMs, now } = this.#stream
    if (this.#isLastClock) return
    const idleMs = this.#untilStalledMs(this.#stream.idleMs)
    const leftMs = endsAtMs - now()
    this.#isLastClock = leftMs <= idleMs
    if (this.#isLastClock) scope.arm('no-answer', leftMs)
    else scope.arm('stalled', idleMs)
  }

  /** After `[DONE]` nothing is waited for but the end. */
  #untilStalledMs(idleMs: number): number {
    return this.#stream.watcher?.isDone ? Math.min(idleMs, AFTER_DONE_MS) : idleMs
  }

  /** The committed stream. The attempt stays open until it ends, breaks, or the consumer walks away. */
  toStream(end: StreamEnd): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => this.#breakOnAbort(controller, end),
        pull: (controller) => this.#pull(controller, end),
        cancel: (reason) => this.#cancel(reason, end),
      },
      { highWaterMark: 0 },
    )
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>, end: StreamEnd): Promise<void> {
    if (this.#held.length > 0) {
      for (const bytes of this.#held) controller.enqueue(bytes)
      this.#held = []
      return
    }
    this.#isReading = true
    try {
      const bytes = await this.#nextOrEnd()
      if (this.#settled) return
      if (bytes) return controller.enqueue(bytes)
      this.#settled = true
      end.settle(createVerdict('ok'))
      controller.close()
    } catch (cause) {
      // A cancel ends the read that waits here, and has settled the attempt.
      if (this.#settled) return
      const { verdict, error } = end.interrupt(cause)
      this.#stop(cause)
      this.#settled = true
      end.settle(verdict)
      controller.error(error)
    } finally {
      this.#isReading = false
    }
  }

  /** An abort ends the attempt also while nobody reads: a consumer that waits, or has walked away, must not hold the slot. It is
   * not the member's fault then. The controller is held weakly: it leads to the stream, which must be collected when dropped. */
  #breakOnAbort(controller: ReadableStreamDefaultController<Uint8Array>, end: StreamEnd): void {
    const { signal } = this.#stream.scope
    const weak = new WeakRef(controller)
    const onAbort = (): void => {
      if (this.#settled || this.#isReading) return
      const { error } = end.interrupt(signal.reason)
      this.#cancel(signal.reason, end)
      weak.deref()?.error(error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  }

  /** Nobody holds the stream any more: the attempt ends as if its consumer had cancelled. */
  abandon(end: StreamEnd): void {
    if (!this.#settled) this.#cancel(new Error('the stream was dropped unread'), end)
  }

  #cancel(reason: unknown, end: StreamEnd): void {
    this.#settled = true
    this.#stop(reason)
    end.settle(createVerdict(this.#stream.watcher?.isComplete ? 'ok' : 'cancelled'))
  }

  #stop(reason: unknown): void {
    this.#stream.scope.abort(reason)
    this.#reader.cancel(reason).catch(ignore)
  }

  /** The next bytes of a stream that must still prove complete; undefined at its complete end. */
  async #nextOrEnd(): Promise<Uint8Array | undefined> {
    const { watcher, scope, now, idleMs } = this.#stream
    const startedMs = now()
    const eventsBefore = watcher?.events
    scope.arm('stalled', this.#untilStalledMs(this.#idleLeftMs))
    const bytes = await this.#next()
    scope.disarm()
    // Bytes without an event, such as keep-alive comments, do not buy time; neither does time in which nobody reads cost any.
    const isProgress = !watcher || watcher.events !== eventsBefore
    this.#idleLeftMs = isProgress ? idleMs : this.#idleLeftMs - (now() - startedMs)
    if (watcher?.failure) throw new StreamBroken(watcher.failure.reason ?? 'error event')
    if (!bytes && watcher && !watcher.isComplete)
      throw new StreamBroken('the stream ended before the answer was complete')
    return bytes
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { watcher } = this.#stream
    const bytes = watcher?.isCutShort ? undefined : await this.#read()
    if (bytes) watcher?.feed(bytes)
    else watcher?.end()
    this.#ended = bytes === undefined
    return bytes && watcher?.isCutShort ? withoutEndMark(bytes) : bytes
  }

  /** What breaks, or stalls, after `[DONE]` takes nothing from the answer: that is its end. */
  async #read(): Promise<Uint8Array | undefined> {
    const { watcher, scope } = this.#stream
    try {
      return (await scope.race(this.#reader.read())).value
    } catch (error) {
      if (!watcher?.isDone) throw error
      scope.abort(error)
      return undefined
    }
  }
}

/** The upstream said, or showed, that its answer is not whole. */
class StreamBroken extends Error {
  override readonly name = 'StreamBroken'
}

/** Clients stop reading at `[DONE]`: behind it they would not see the error that says that the answer is not whole. */
function withoutEndMark(bytes: Uint8Array): Uint8Array {
  const position = new TextDecoder('latin1').decode(bytes).search(/^data: ?\[DONE\]/m)
  return bytes.subarray(0, Math.max(0, position))
}

function giveUp(reason: string): Verdict {
  return createVerdict('unavailable', { reason })
}

const AFTER_DONE_MS = 1_000
const MAX_HELD_BYTES = 64 * 1024 * 1024

function ignore(): void {}
