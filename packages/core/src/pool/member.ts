import { type ParsedSource, parseSource } from '../transport/parse-source.ts'
import type { MemberChanges, MemberOptions, Transport, UpstreamSource } from '../types.ts'
import type { Verdict, VerdictKind } from '../verdict.ts'
import { Breaker, type BreakerPhase, type BreakerTicket } from './breaker.ts'
import type { HealthOptions } from './health-options.ts'
import { Latency } from './latency.ts'
import { type MemberSettings, parseMemberSettings } from './member-settings.ts'
import { RateWindow } from './rate-window.ts'
import type { Service } from './tier.ts'

/** What changed in a member's health when an attempt settled. */
export type HealthChange = 'opened' | 'recovered' | undefined

/** What an attempt took from a member and gives back. */
export interface Slot {
  readonly ticket: BreakerTicket
  /** The source that the attempt goes to. */
  readonly source: ParsedSource
  /** Replaces the estimated number of tokens by the real one. */
  readonly correctTokens: (actual: number) => void
}

/** How an attempt ended, for the member's health. */
export interface Settlement {
  readonly verdict: Verdict
  /** What was asked for. */
  readonly service: Service
  readonly nowMs: number
}

/** One upstream in the pool: its settings, its health, its slots and its counters. Pure; no I/O, no timers. */
export class Member {
  readonly name: string
  /** Time from sending to the first content, or to the answer when it is not streamed. */
  readonly firstContent: Latency = new Latency()
  /** Time from sending to the end of a complete answer. */
  readonly total: Latency = new Latency()
  readonly verdicts: Partial<Record<VerdictKind, number>> = {}
  inFlight = 0
  attempts = 0
  #source: ParsedSource
  #settings: MemberSettings
  readonly #breaker: Breaker
  readonly #health: HealthOptions
  readonly #missing = new Map<string, number>()
  #lastFailure: string | undefined
  #requests: RateWindow
  #tokens: RateWindow

  constructor(source: UpstreamSource, options: MemberOptions & { tier: number }, health: HealthOptions) {
    this.name = options.modelName
    this.#source = parseSource(source)
    this.#settings = parseMemberSettings(options)
    this.#requests = new RateWindow(this.#settings.rpm)
    this.#tokens = new RateWindow(this.#settings.tpm)
    this.#health = health
    this.#breaker = new Breaker(health)
  }

  get transport(): Transport {
    return this.#source.transport
  }

  /** Paths that the transport serves; undefined for all. */
  get paths(): readonly string[] | undefined {
    return this.#source.paths
  }

  get settings(): MemberSettings {
    return this.#settings
  }

  /** Applies changes in place; slots, counters and, unless the source is replaced, health stay. */
  update({ source, ...changes }: MemberChanges): void {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    const settings = parseMemberSettings({ ...this.#settings, ...Object.fromEntries(given), modelName: this.name })
    if (source !== undefined) this.#replaceSource(parseSource(source))
    // Said anew, a list of models outweighs what a model's absence taught.
    if (changes.models !== undefined || changes.aliases !== undefined) this.#missing.clear()
    if (settings.rpm !== this.#settings.rpm) this.#requests = new RateWindow(settings.rpm)
    if (settings.tpm !== this.#settings.tpm) this.#tokens = new RateWindow(settings.tpm)
    this.#settings = settings
  }

  phase(nowMs: number): BreakerPhase {
    return this.#breaker.phase(nowMs)
  }

  /** When the breaker and the memory of missing models let a request through, in milliseconds. */
  healthyAtMs(service: Service): number {
    return Math.max(this.#breaker.readyAtMs, this.#missingUntilMs(service))
  }

  /** Why it is left alone at the moment; undefined while it is not. */
  restsBecause(service: Service, nowMs: number): string | undefined {
    if (nowMs < this.#breaker.readyAtMs) return this.#lastFailure
    return nowMs < this.#missingUntilMs(service) ? 'model not found' : undefined
  }

  /** When its budgets of requests and tokens per minute let a request of `tokens` through, in milliseconds. */
  affordableAtMs(tokens: number, nowMs: number): number {
    return Math.max(this.#requests.readyAtMs(1, nowMs), this.#tokens.readyAtMs(tokens, nowMs))
  }

  /** True when a request would have to wait for a slot or for the result of the running probe. */
  get isBusy(): boolean {
    return this.#breaker.isProbing || this.inFlight >= this.#settings.maxConcurrent
  }

  /** Takes a slot. */
  enter(tokens: number, nowMs: number): Slot {
    this.inFlight += 1
    this.attempts += 1
    this.#requests.spend(1, nowMs)
    return {
      ticket: this.#breaker.enter(),
      source: this.#source,
      correctTokens: this.#tokens.spend(tokens, nowMs),
    }
  }

  /** Whether the attempt went to the source that the member still has: what a former one did says nothing about the new one,
   * another key or another host. */
  isCurrent({ source }: Pick<Slot, 'source'>): boolean {
    return source === this.#source
  }

  /** The attempt's answer has begun. */
  begin({ ticket }: Pick<Slot, 'ticket'>): void {
    this.#breaker.begin(ticket)
  }

  /** Gives the slot back and learns from the verdict. */
  settle({ ticket, source }: Omit<Slot, 'correctTokens'>, { verdict, service, nowMs }: Settlement): HealthChange {
    this.inFlight -= 1
    this.verdicts[verdict.kind] = (this.verdicts[verdict.kind] ?? 0) + 1
    if (!this.isCurrent({ source })) return undefined
    const pauseMs = verdict.retryAfterMs
    if (verdict.scope === 'member') this.#lastFailure = verdict.reason ?? verdict.kind
    switch (verdict.kind) {
      case 'rate-limited':
        return this.#fail(ticket, { nowMs, immediate: true, pauseMs })
      case 'unavailable':
      case 'interrupted':
        return this.#fail(ticket, { nowMs, immediate: pauseMs !== undefined, pauseMs })
      case 'unauthorized':
        return this.#fail(ticket, { nowMs, immediate: true, pauseMs: this.#health.unauthorizedCooldownMs })
      case 'cancelled':
      case 'suspended':
        this.#breaker.release(ticket)
        return undefined
      case 'model-missing':
        this.#rememberMissing(service, nowMs)
        return this.#succeed(ticket)
      default:
        return this.#succeed(ticket)
    }
  }

  #replaceSource(source: ParsedSource): void {
    this.#source = source
    this.#breaker.reset()
    this.#missing.clear()
  }

  #missingUntilMs(service: Service): number {
    return this.#missing.size === 0 ? 0 : (this.#missing.get(keyOf(service)) ?? 0)
  }

  /** Callers choose the names: those whose time is over go, so that a flood of different ones does not stay. */
  #rememberMissing(service: Service, nowMs: number): void {
    for (const [known, untilMs] of this.#missing) if (untilMs <= nowMs) this.#missing.delete(known)
    if (this.#missing.size < MAX_MISSING) this.#missing.set(keyOf(service), nowMs + this.#health.modelMissingMs)
  }

  #fail(ticket: BreakerTicket, failure: Parameters<Breaker['fail']>[1]): HealthChange {
    return this.#breaker.fail(ticket, failure) ? 'opened' : undefined
  }

  #succeed(ticket: BreakerTicket): HealthChange {
    return this.#breaker.succeed(ticket) ? 'recovered' : undefined
  }
}

function keyOf({ path, upstreamModel }: Service): string {
  return `${path}\n${upstreamModel}`
}

const MAX_MISSING = 1_000
