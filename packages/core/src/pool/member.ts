import { toTransport } from '../transport/to-transport.ts'
import type { MemberChanges, MemberOptions, Transport } from '../types.ts'
import type { Verdict, VerdictKind } from '../verdict.ts'
import { Breaker, type BreakerPhase, type BreakerTicket } from './breaker.ts'
import type { HealthOptions } from './health-options.ts'
import { type MemberSettings, parseMemberSettings } from './member-settings.ts'

/** What changed in a member's health when an attempt settled. */
export type HealthChange = 'opened' | 'recovered' | undefined

/** One upstream in the pool: its settings, its health, its slots and its counters. Pure; no I/O, no timers. */
export class Member {
  readonly name: string
  transport: Transport
  settings: MemberSettings
  inFlight = 0
  attempts = 0
  readonly verdicts: Partial<Record<VerdictKind, number>> = {}
  readonly #breaker: Breaker
  readonly #health: HealthOptions
  readonly #missingModels = new Map<string, number>()

  constructor(transport: Transport, options: MemberOptions & { tier: number }, health: HealthOptions) {
    this.name = options.modelName
    this.transport = transport
    this.settings = parseMemberSettings(options)
    this.#health = health
    this.#breaker = new Breaker(health)
  }

  /** Applies changes in place; health, slots and counters stay. */
  update({ source, ...changes }: MemberChanges): void {
    this.settings = parseMemberSettings({ ...this.settings, ...changes, modelName: this.name })
    if (source !== undefined) this.transport = toTransport(source)
  }

  phase(nowMs: number): BreakerPhase {
    return this.#breaker.phase(nowMs)
  }

  /** When this member may take a request for `upstreamModel` again, in milliseconds. */
  readyAtMs(upstreamModel: string): number {
    return Math.max(this.#breaker.readyAtMs, this.#missingModels.get(upstreamModel) ?? 0)
  }

  /** True when a request would have to wait for a slot or for the result of the running probe. */
  get isBusy(): boolean {
    return this.#breaker.isProbing || this.inFlight >= this.settings.maxConcurrent
  }

  /** Takes a slot. */
  enter(): BreakerTicket {
    this.inFlight += 1
    this.attempts += 1
    return this.#breaker.enter()
  }

  /** Gives the slot back and learns from the verdict. */
  settle(
    ticket: BreakerTicket,
    { verdict, model, nowMs }: { verdict: Verdict; model: string; nowMs: number },
  ): HealthChange {
    this.inFlight -= 1
    this.verdicts[verdict.kind] = (this.verdicts[verdict.kind] ?? 0) + 1
    switch (verdict.kind) {
      case 'rate-limited':
        return this.#fail(ticket, { nowMs, immediate: true, pauseMs: verdict.retryAfterMs })
      case 'unavailable':
      case 'interrupted':
        return this.#fail(ticket, {
          nowMs,
          immediate: verdict.retryAfterMs !== undefined,
          pauseMs: verdict.retryAfterMs,
        })
      case 'unauthorized':
        return this.#fail(ticket, { nowMs, immediate: true, pauseMs: this.#health.unauthorizedCooldownMs })
      case 'cancelled':
      case 'suspended':
        this.#breaker.release(ticket)
        return undefined
      case 'model-missing':
        this.#missingModels.set(model, nowMs + this.#health.modelMissingMs)
        return this.#succeed(ticket)
      default:
        return this.#succeed(ticket)
    }
  }

  #fail(ticket: BreakerTicket, failure: Parameters<Breaker['fail']>[1]): HealthChange {
    return this.#breaker.fail(ticket, failure) ? 'opened' : undefined
  }

  #succeed(ticket: BreakerTicket): HealthChange {
    return this.#breaker.succeed(ticket) ? 'recovered' : undefined
  }
}
