import { rememberAttempts } from '../attempts-of.ts'
import { AllModelsFailedError, DeadlineExceededError, isMultiplexerError, StreamInterruptedError } from '../errors.ts'
import type { Lease } from '../pool/pool.ts'
import type { CallTracer } from '../tracing.ts'
import type { Verdict } from '../verdict.ts'
import { createVerdict } from '../verdict.ts'
import { parseAnswerFacts } from './answer-facts.ts'
import { buildAnswer, buildStream } from './build-response.ts'
import { Call } from './call.ts'
import type { CallRequest } from './call-request.ts'
import { CallScope } from './call-scope.ts'
import { describeFailure } from './describe-failure.ts'
import type { CommitMode, StreamEnd } from './guard-stream.ts'
import type { RetryOptions } from './retry-options.ts'
import { type Answer, type AttemptEnd, runAttempt } from './run-attempt.ts'
import { type AttemptWitnesses, RunningAttempt } from './running-attempt.ts'
import { capTimeouts, type Timeouts } from './timeouts.ts'
import type { Take } from './waiting-line.ts'

/** What the attempt loop needs; the pool judges nothing, the loop picks nobody. */
export interface DispatcherParts extends AttemptWitnesses {
  readonly retry: RetryOptions
  readonly timeouts: Timeouts
  readonly commit: CommitMode
  readonly deadlineMs: number | undefined
  readonly tracer: CallTracer | undefined
}

type StreamingEnd = Extract<AttemptEnd, { kind: 'streaming' }>
type JudgedEnd = Extract<AttemptEnd, { kind: 'judged' }>

/** The attempt loop: reserve, send, guard, judge, settle, next. The only place with I/O, timers and abort. */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #calls = new Set<Call>()
  /** Streams that were dropped unread: when one is collected, its attempt ends. */
  readonly #abandoned = new FinalizationRegistry((giveUp: () => void) => giveUp())

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** Calls that have not ended; a stream ends when its consumer has it all or walks away. */
  get inFlight(): number {
    return this.#calls.size
  }

  /** Sends a request to members until one answers.
   * @param request - The call.
   * @param options.failover - Whether another member may be tried.
   * @returns A member's answer or its own refusal.
   * @throws MultiplexerError when no member decided the outcome; the caller's abort reason. */
  async dispatch(request: CallRequest, options: { failover: boolean } = { failover: true }): Promise<Response> {
    const call = this.#open(request, options)
    try {
      for (;;) {
        const lease = await this.#acquire(call)
        const response = lease ? await this.#attempt(call, lease) : this.#conclude(call)
        if (response) return response
        call.scope.throwIfAborted()
      }
    } catch (error) {
      this.#close(call, outcomeOf(error, call))
      // Those of the line know nothing of the attempts before it.
      if (isMultiplexerError(error)) rememberAttempts(error, call.trail)
      // It was made while the last attempt was running.
      throw error instanceof DeadlineExceededError ? new DeadlineExceededError(error.deadlineMs, call.trail) : error
    }
  }

  /** Ends every call in flight with `reason`, here and now: what they still do is part of the past. */
  abortAll(reason: unknown): void {
    for (const call of this.#calls) {
      call.scope.abort(reason)
      this.#close(call, 'cancelled')
    }
  }

  #open(request: CallRequest, { failover }: { failover: boolean }): Call {
    const { retry, now, deadlineMs, tracer } = this.#parts
    const scope = new CallScope(request.signal)
    const { path, model, stream } = request
    const trace = tracer?.startCall({ path, model, stream })
    const call = new Call(request, { scope, now, trace, retry: failover ? retry : { ...retry, maxAttempts: 1 } })
    if (deadlineMs !== undefined) scope.setDeadline(deadlineMs, () => new DeadlineExceededError(deadlineMs, call.trail))
    this.#calls.add(call)
    return call
  }

  #close(call: Call, outcome: string): void {
    if (!this.#calls.delete(call)) return
    call.scope.dispose()
    const { events, now } = this.#parts
    const end = { member: call.trail.at(-1)?.member, attempts: call.trail.length, outcome }
    call.trace?.end(end)
    events.emit('completed', { ...end, ms: now() - call.startedMs })
  }

  /** Takes a slot at once, or waits in line for one. Undefined when nobody is left to try. */
  async #acquire(call: Call): Promise<Lease | undefined> {
    call.scope.throwIfAborted()
    const { scope } = call
    const { path, model, priority, affinityKey } = call.request
    // Calls that want the same need not be asked one by one when one of them is refused.
    const isFresh = call.trail.length === 0 && affinityKey === undefined
    const kind = isFresh ? `${path}\n${model ?? ''}` : undefined
    return await this.#parts.line.wait(() => this.#take(call), { signal: () => scope.signal, priority, kind })
  }

  #take(call: Call): Take<Lease | undefined> {
    const { pool, now } = this.#parts
    const nowMs = now()
    // Members may go while a call is under way: then it ends with its trail, not with "no such model".
    const isOver = !call.mayTryAgain || (call.trail.length > 0 && !pool.serves(call.criteria))
    const reservation = isOver ? NOBODY : pool.reserve(call.criteria, nowMs)
    if (reservation.kind === 'lease') {
      call.recordStart(reservation.lease.member)
      return { kind: 'taken', value: reservation.lease }
    }
    if (reservation.kind === 'none') return { kind: 'taken', value: undefined }
    const isTooLong = !reservation.busy && reservation.untilMs - nowMs > this.#longestWaitMs(call, nowMs)
    return isTooLong ? { kind: 'taken', value: undefined } : { kind: 'wait', untilMs: reservation.untilMs }
  }

  /** What comes back after the deadline is not worth waiting for: the caller had better know when to come back himself. */
  #longestWaitMs({ startedMs }: Call, nowMs: number): number {
    const { retry, deadlineMs = Number.POSITIVE_INFINITY } = this.#parts
    return Math.min(retry.maxRetryAfterMs, startedMs + deadlineMs - nowMs)
  }

  /** One attempt. Returns the response that ends the call, or undefined when another member should be tried. */
  async #attempt(call: Call, lease: Lease): Promise<Response | undefined> {
    const { commit, now } = this.#parts
    const scope = call.scope.startAttempt()
    const timeouts = this.#timeoutsFor(call, lease)
    const attempt = new RunningAttempt(call, lease, this.#parts)
    const { trace } = attempt
    const end = await runAttempt({ request: call.request, lease, scope, timeouts, commit, now, trace })
    if (end.kind === 'streaming') return this.#passStream(attempt, end)
    const verdict = call.scope.aborted ? this.#abortVerdict(call) : end.verdict
    const { answer, seen } = end
    const isRead = answer && verdict.kind === 'ok' && attempt.wantsFacts
    const facts = seen?.facts ?? (isRead ? parseAnswerFacts(answer.bytes) : undefined)
    attempt.end({ verdict, status: answer?.status, firstContentAtMs: seen?.firstContentAtMs, facts })
    return this.#decide(call, lease, { ...end, verdict })
  }

  /** Under a deadline, an attempt gets half of what is left while another member could still answer in the other half. */
  #timeoutsFor(call: Call, { member }: Lease): Timeouts {
    const { pool, timeouts, deadlineMs, now } = this.#parts
    const nowMs = now()
    if (deadlineMs === undefined || !pool.hasAlternative(member, call.criteria, nowMs)) return timeouts
    return capTimeouts(timeouts, (call.startedMs + deadlineMs - nowMs) / 2)
  }

  #decide(call: Call, lease: Lease, { verdict, answer, isOwn, error }: JudgedEnd): Response | undefined {
    const { events } = this.#parts
    if (verdict.kind === 'cancelled') return undefined
    if (answer && verdict.kind === 'ok') return this.#finish(call, answer, 'ok')
    if (answer && verdict.kind === 'invalid-request') return this.#finish(call, answer, 'refused')
    // A row of its own says what the upstream's words leave out, such as that a key was refused which is not the caller's.
    const refusal = isOwn && verdict.scope === 'member' ? undefined : answer
    call.recordFailure(lease.member, { verdict, model: lease.upstreamModel, answer: refusal, error })
    events.emit('failover', { member: lease.member.name, verdict })
    return undefined
  }

  #finish(call: Call, answer: Answer, outcome: 'ok' | 'refused'): Response {
    this.#close(call, outcome)
    return buildAnswer(answer, call.trail)
  }

  #passStream(attempt: RunningAttempt, { guard, watcher, head }: StreamingEnd): Response {
    const { call, member } = attempt
    const end: StreamEnd = {
      settle: (verdict) => {
        // What the registry holds may lead back to the stream: over the caller's signal, to the reason it was aborted with.
        this.#abandoned.unregister(end)
        const { firstContentAtMs } = guard
        attempt.end({ verdict, status: head.status, firstContentAtMs, facts: watcher?.facts })
        this.#close(call, STREAM_OUTCOMES[verdict.kind] ?? 'stream-interrupted')
      },
      interrupt: (cause) => describeBreak(attempt, watcher?.text ?? '', cause),
    }
    attempt.begin()
    const body = guard.toStream(end)
    this.#abandoned.register(body, () => guard.abandon(end), end)
    return buildStream(head, body, { trail: call.trail, member })
  }

  /** The caller's own abort costs a member nothing; a deadline that ran out while it was silent does. */
  #abortVerdict(call: Call): Verdict {
    if (call.scope.callerAborted) return createVerdict('cancelled', { reason: 'aborted by the caller' })
    const isDeadline = call.scope.reason instanceof DeadlineExceededError
    return isDeadline
      ? createVerdict('unavailable', { reason: 'deadline' })
      : createVerdict('cancelled', { reason: 'reset' })
  }

  /** Nobody is left. One attempt decided: the member's own refusal goes back untouched. Otherwise the error tells all. */
  #conclude(call: Call): Response {
    const { pool, now } = this.#parts
    const { trail, lastRefusal, criteria } = call
    if (lastRefusal && trail.length === 1 && trail[0]?.verdict.kind !== 'suspended') {
      return this.#finish(call, lastRefusal, 'refused')
    }
    const nowMs = now()
    const suspensions = pool.suspensionsFor(criteria, nowMs)
    const resting = trail.length === 0 ? pool.restingFor(criteria, nowMs) : []
    const recoversAtMs = pool.recoversAtMs(criteria, nowMs)
    const retryAfterMs = recoversAtMs === undefined ? undefined : recoversAtMs - nowMs
    const message = describeFailure(trail, { resting, suspensions, retryAfterMs })
    throw new AllModelsFailedError(message, { attempts: trail, retryAfterMs, cause: call.lastError })
  }
}

const STREAM_OUTCOMES: Readonly<Partial<Record<Verdict['kind'], string>>> = { ok: 'ok', cancelled: 'cancelled' }

const NOBODY = { kind: 'none' } as const

function outcomeOf(error: unknown, call: Call): string {
  if (call.scope.callerAborted) return 'cancelled'
  return isMultiplexerError(error) ? error.code : 'failed'
}

/** What the reader of a stream that broke off gets, and what its member does. */
function describeBreak(
  { call, member }: RunningAttempt,
  partialText: string,
  cause: unknown,
): ReturnType<StreamEnd['interrupt']> {
  const { reason, aborted } = call.scope
  if (aborted && !(reason instanceof DeadlineExceededError))
    return { verdict: createVerdict('cancelled'), error: reason }
  const verdict = createVerdict('interrupted', { reason: 'the stream broke off after content had been delivered' })
  const message = `The answer of ${member} broke off after it had begun; error.partialText holds what came.`
  return { verdict, error: new StreamInterruptedError(message, { member, partialText, attempts: call.trail, cause }) }
}
