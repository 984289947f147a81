import { parseModel } from '../pool/match-model.ts'
import type { Member } from '../pool/member.ts'
import type { Criteria } from '../pool/pool.ts'
import type { CallTrace } from '../tracing.ts'
import type { Attempt, Verdict } from '../verdict.ts'
import type { CallRequest } from './call-request.ts'
import type { CallScope } from './call-scope.ts'
import type { RetryOptions } from './retry-options.ts'
import type { Answer } from './run-attempt.ts'

/** What a call is made with. */
export interface CallParts {
  readonly scope: CallScope
  readonly retry: RetryOptions
  readonly now: () => number
  readonly trace: CallTrace | undefined
}

/** What one call remembers between its attempts. No state of a call is shared with another. */
export class Call {
  readonly request: CallRequest
  readonly scope: CallScope
  readonly startedMs: number
  readonly trail: Attempt[] = []
  readonly criteria: Criteria
  readonly trace: CallTrace | undefined
  /** What the last failed attempt was refused with, in the upstream's own words; undefined when they cannot be passed on. */
  lastRefusal: Answer | undefined
  /** What the last transport that failed threw. */
  lastError: unknown
  readonly #unsuitable = new Set<string>()
  readonly #tried = new Map<Member, { count: number; notBeforeMs: number }>()
  readonly #retry: RetryOptions
  readonly #now: () => number

  constructor(request: CallRequest, { scope, retry, now, trace }: CallParts) {
    this.request = request
    this.scope = scope
    this.trace = trace
    this.startedMs = now()
    this.#retry = retry
    this.#now = now
    retry.budget.earn()
    this.criteria = {
      path: request.path,
      model: parseModel(request.model),
      affinityKey: request.affinityKey,
      tokens: request.estimatedTokens,
      notBeforeMs: (member) => this.#notBeforeMs(member),
      unsuitableModels: this.#unsuitable,
    }
  }

  get mayTryAgain(): boolean {
    return this.trail.length < this.#retry.maxAttempts
  }

  /** The call was given a slot on `member`: a second one is charged to the budget of retries. */
  recordStart(member: Member): void {
    if (this.#tried.has(member)) this.#retry.budget.spend()
  }

  /** Remembers a failed attempt: the member is used again only after a back-off with full jitter, and so many times. */
  recordFailure(member: Member, { verdict, model, answer, error }: Failure): void {
    this.lastRefusal = isRefusal(answer) ? answer : undefined
    this.lastError = error
    if (verdict.kind === 'unsuitable') this.#unsuitable.add(model)
    const count = (this.#tried.get(member)?.count ?? 0) + 1
    const isSpent = count > this.#retry.sameMember || !RETRIED_KINDS.includes(verdict.kind)
    this.#tried.set(member, {
      count,
      notBeforeMs: isSpent ? Number.POSITIVE_INFINITY : this.#now() + this.#backoffMs(count),
    })
  }

  #notBeforeMs(member: Member): number {
    const tried = this.#tried.get(member)
    if (!tried) return 0
    return this.#retry.budget.canSpend(this.#now()) ? tried.notBeforeMs : Number.POSITIVE_INFINITY
  }

  #backoffMs(count: number): number {
    const { backoffMs, maxBackoffMs, random } = this.#retry
    return Math.max(1, random() * Math.min(backoffMs * 2 ** (count - 1), maxBackoffMs))
  }
}

/** A failed answer with a status of success would be taken for one, and a redirect would lead the caller elsewhere. */
function isRefusal(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.status >= 400
}

interface Failure {
  readonly verdict: Verdict
  /** The model id that was sent. */
  readonly model: string
  readonly answer: Answer | undefined
  readonly error: unknown
}

/** Failures that the same member may not repeat. */
const RETRIED_KINDS: readonly Verdict['kind'][] = ['rate-limited', 'unavailable']
