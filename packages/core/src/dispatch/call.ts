import { parseModelRequest } from '../pool/match-model.ts'
import type { Member } from '../pool/member.ts'
import type { Criteria } from '../pool/pool.ts'
import type { Attempt, Verdict } from '../verdict.ts'
import type { CallRequest } from './call-request.ts'
import type { CallScope } from './call-scope.ts'
import type { RetryOptions } from './retry-options.ts'
import type { Answer } from './run-attempt.ts'

/** What one call remembers between its attempts. No state of a call is shared with another. */
export class Call {
  readonly request: CallRequest
  readonly scope: CallScope
  readonly startedMs: number
  readonly trail: Attempt[] = []
  readonly criteria: Criteria
  /** The last refusal that came with a body. */
  lastAnswer: Answer | undefined
  /** What the last transport that failed threw. */
  lastError: unknown
  readonly #unsuitable = new Set<string>()
  readonly #tried = new Map<Member, { count: number; notBeforeMs: number }>()
  readonly #retry: RetryOptions

  constructor(
    request: CallRequest,
    { scope, startedMs, retry }: { scope: CallScope; startedMs: number; retry: RetryOptions },
  ) {
    this.request = request
    this.scope = scope
    this.startedMs = startedMs
    this.#retry = retry
    this.criteria = {
      ...parseModelRequest(request.model),
      notBeforeMs: (member) => this.#tried.get(member)?.notBeforeMs ?? 0,
      unsuitableModels: this.#unsuitable,
    }
  }

  get mayTryAgain(): boolean {
    return this.trail.length < this.#retry.maxAttempts
  }

  /** Remembers a failed attempt: the member is used again only after a back-off with full jitter, and so many times. */
  recordFailure(member: Member, { verdict, model, nowMs, answer, error }: Failure): void {
    this.lastAnswer = answer
    this.lastError = error
    if (verdict.kind === 'unsuitable') this.#unsuitable.add(model)
    const count = (this.#tried.get(member)?.count ?? 0) + 1
    const isSpent = count > this.#retry.sameMember || !RETRIED_KINDS.includes(verdict.kind)
    const backoffMs =
      this.#retry.random() * Math.min(this.#retry.backoffMs * 2 ** (count - 1), this.#retry.maxBackoffMs)
    this.#tried.set(member, { count, notBeforeMs: isSpent ? Number.POSITIVE_INFINITY : nowMs + Math.max(1, backoffMs) })
  }
}

interface Failure {
  readonly verdict: Verdict
  /** The model id that was sent. */
  readonly model: string
  readonly nowMs: number
  readonly answer: Answer | undefined
  readonly error: unknown
}

/** Failures that the same member may not repeat. */
const RETRIED_KINDS: readonly Verdict['kind'][] = ['rate-limited', 'unavailable']
