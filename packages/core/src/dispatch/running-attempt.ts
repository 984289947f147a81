import type { EventHub } from '../events.ts'
import type { Lease, Pool } from '../pool/pool.ts'
import type { AnswerFacts, AttemptTrace } from '../tracing.ts'
import type { Verdict } from '../verdict.ts'
import type { Call } from './call.ts'
import type { WaitingLine } from './waiting-line.ts'

/** Who is told how an attempt ended. */
export interface AttemptWitnesses {
  readonly pool: Pool
  readonly line: WaitingLine
  readonly events: EventHub
  readonly now: () => number
}

/** How an attempt ended. */
export interface AttemptResult {
  readonly verdict: Verdict
  readonly status: number | undefined
  /** What the answer says about itself; read only when somebody wants to know. */
  readonly facts?: AnswerFacts | undefined
  /** When the first content of a stream came. */
  readonly firstContentAtMs?: number | undefined
}

/** One attempt from its slot to its settlement: the only place where a slot is given back and a trail grows. */
export class RunningAttempt {
  readonly call: Call
  readonly lease: Lease
  readonly startedMs: number
  readonly trace: AttemptTrace | undefined
  readonly #witnesses: AttemptWitnesses

  constructor(call: Call, lease: Lease, witnesses: AttemptWitnesses) {
    this.call = call
    this.lease = lease
    this.#witnesses = witnesses
    this.startedMs = witnesses.now()
    this.trace = call.trace?.startAttempt({ member: lease.member.name, model: lease.upstreamModel })
  }

  get member(): string {
    return this.lease.member.name
  }

  /** Whether anybody wants to know what the answer says about itself. */
  get wantsFacts(): boolean {
    return this.trace !== undefined || this.lease.member.settings.tpm !== Number.POSITIVE_INFINITY
  }

  /** The answer has begun to come. */
  begin(): void {
    if (!this.lease.ticket.probe) return
    this.lease.member.begin(this.lease)
    this.#witnesses.line.wake()
  }

  /** Gives the slot back and tells everybody. Call exactly once. */
  end(result: AttemptResult): void {
    const { pool, line, events, now } = this.#witnesses
    const { verdict, status, facts, firstContentAtMs } = result
    const nowMs = now()
    const attempt = { member: this.member, verdict, status, ms: nowMs - this.startedMs }
    this.call.trail.push(attempt)
    if (verdict.kind === 'ok') this.#learn(nowMs, result)
    const change = pool.settle(this.lease, verdict, nowMs)
    events.emit('attempt', attempt)
    if (change === 'opened') this.#announceCooldown(verdict)
    if (change === 'recovered') events.emit('recovered', { member: this.member })
    const firstContentMs = firstContentAtMs === undefined ? undefined : firstContentAtMs - this.startedMs
    this.trace?.end({ verdict, status, facts, firstContentMs })
    line.wake()
  }

  /** What a complete answer says about its member. */
  #learn(nowMs: number, { firstContentAtMs, facts }: AttemptResult): void {
    const { member, correctTokens } = this.lease
    member.firstContent.add((firstContentAtMs ?? nowMs) - this.startedMs, nowMs)
    member.total.add(nowMs - this.startedMs, nowMs)
    if (facts?.totalTokens !== undefined) correctTokens(facts.totalTokens)
  }

  #announceCooldown(verdict: Verdict): void {
    const { member } = this.lease
    const untilMs = member.healthyAtMs(this.lease)
    this.#witnesses.events.emit('cooldown', { member: member.name, verdict, untilMs })
  }
}
