import { ModelSelectionError } from '../errors.ts'
import { toTransport } from '../transport/to-transport.ts'
import type { MemberChanges, MemberOptions, UpstreamSource } from '../types.ts'
import type { Verdict } from '../verdict.ts'
import type { BreakerTicket } from './breaker.ts'
import type { HealthOptions } from './health-options.ts'
import { type ModelRequest, servedModels, upstreamModelFor } from './match-model.ts'
import { type HealthChange, Member } from './member.ts'
import { selectWeighted } from './select-weighted.ts'

/** What a call looks for in a member. */
export interface Criteria extends ModelRequest {
  /** From when on this call would use the member again, in milliseconds: 0 at once, Infinity never. */
  readonly notBeforeMs: (member: Member) => number
  /** Upstream model ids that proved unsuitable for this request. */
  readonly unsuitableModels: ReadonlySet<string>
}

/** A slot on a member, taken for one attempt. Settle it exactly once. */
export interface Lease {
  readonly member: Member
  /** The model id to send. */
  readonly upstreamModel: string
  readonly ticket: BreakerTicket
}

/** The answer to "who can take this call now?" */
export type Reservation =
  | { readonly kind: 'lease'; readonly lease: Lease }
  /** Nobody now; somebody at `untilMs` (Infinity: unknown), or earlier when a slot or a probe ends (`busy`). */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly busy: boolean }
  /** Nobody, and waiting does not help. */
  | { readonly kind: 'none' }

interface Candidate {
  readonly member: Member
  readonly upstreamModel: string
  readonly readyAtMs: number
}

/** The members and which of them is next. Pure and synchronous: clock and chance come from outside. */
export class Pool {
  readonly #members = new Map<string, Member>()
  readonly #suspendedGroups = new Map<string, { untilMs: number; reason: string | undefined }>()
  readonly #health: HealthOptions

  constructor(health: HealthOptions) {
    this.#health = health
  }

  get members(): readonly Member[] {
    return [...this.#members.values()]
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  add(source: UpstreamSource, options: MemberOptions & { tier: number }): void {
    const member = new Member(toTransport(source), options, this.#health)
    if (this.#members.has(member.name)) {
      throw new RangeError(`There is already a member named ${JSON.stringify(member.name)}; use updateModel().`)
    }
    this.#members.set(member.name, member)
  }

  update(name: string, changes: MemberChanges): void {
    const member = this.#members.get(name)
    if (!member) throw new RangeError(`There is no member named ${JSON.stringify(name)}.`)
    member.update(changes)
  }

  remove(name: string): boolean {
    return this.#members.delete(name)
  }

  clear(): void {
    this.#members.clear()
    this.#suspendedGroups.clear()
  }

  /** Takes a slot on a member of the lowest tier that has one free and is healthy; a full or unhealthy tier overflows. */
  reserve(criteria: Criteria, nowMs: number): Reservation {
    const candidates = this.#candidates(criteria)
    const free = candidates.filter(({ member, readyAtMs }) => readyAtMs <= nowMs && !member.isBusy)
    const chosen = this.#select(free)
    if (chosen) return { kind: 'lease', lease: { ...chosen, ticket: chosen.member.enter() } }
    return waitFor(candidates, nowMs)
  }

  /** Gives a slot back and learns from the verdict. */
  settle({ member, upstreamModel, ticket }: Lease, verdict: Verdict, nowMs: number): HealthChange {
    if (verdict.scope === 'group') {
      const untilMs = nowMs + (verdict.retryAfterMs ?? this.#health.suspendedMs)
      this.#suspendedGroups.set(member.settings.group, { untilMs, reason: verdict.reason })
    }
    return member.settle(ticket, { verdict, model: upstreamModel, nowMs })
  }

  /** When the first member that serves the request is back, in milliseconds; undefined when one is healthy now or none
   * will be. */
  recoversAtMs(request: ModelRequest, nowMs: number): number | undefined {
    const times = this.serving(request).map((member) =>
      this.#readyAtMs(member, upstreamModelFor(member, request) ?? ''),
    )
    const soonest = Math.min(...times)
    return soonest > nowMs && Number.isFinite(soonest) ? soonest : undefined
  }

  /** Why a member's whole group is out at the moment; undefined when it is not. */
  suspensionOf(member: Member, nowMs: number): string | undefined {
    const suspension = this.#suspendedGroups.get(member.settings.group)
    return suspension && nowMs < suspension.untilMs ? (suspension.reason ?? 'suspended') : undefined
  }

  /** Members that serve the requested model, healthy or not.
   * @throws ModelSelectionError when there is none: the pool is empty or nobody serves it. */
  serving(request: ModelRequest): readonly Member[] {
    const serving = this.members.filter((member) => isAskedFor(member, request, this.#members))
    const usable = serving.filter((member) => upstreamModelFor(member, request) !== undefined)
    if (usable.length > 0) return usable
    const available = [...new Set(this.members.flatMap(servedModels))].sort()
    throw new ModelSelectionError(describeMiss(request.model, available, this.#members.size), {
      model: request.model,
      available,
    })
  }

  #candidates(criteria: Criteria): Candidate[] {
    const candidates: Candidate[] = []
    for (const member of this.serving(criteria)) {
      const upstreamModel = upstreamModelFor(member, criteria)
      if (upstreamModel === undefined || criteria.unsuitableModels.has(upstreamModel)) continue
      const readyAtMs = Math.max(this.#readyAtMs(member, upstreamModel), criteria.notBeforeMs(member))
      candidates.push({ member, upstreamModel, readyAtMs })
    }
    return candidates
  }

  #readyAtMs(member: Member, upstreamModel: string): number {
    return Math.max(member.readyAtMs(upstreamModel), this.#suspendedGroups.get(member.settings.group)?.untilMs ?? 0)
  }

  #select(free: readonly Candidate[]): Candidate | undefined {
    if (free.length === 0) return undefined
    const lowestTier = Math.min(...free.map(({ member }) => member.settings.tier))
    const tier = free.filter(({ member }) => member.settings.tier === lowestTier)
    const weighted = tier.map((candidate) => ({ candidate, settings: candidate.member.settings }))
    return selectWeighted(weighted, this.#health.random)?.candidate
  }
}

/** A request for a member's own name is for that member alone. */
function isAskedFor(member: Member, { model }: ModelRequest, members: ReadonlyMap<string, Member>): boolean {
  return model === undefined || !members.has(model) || member.name === model
}

function waitFor(candidates: readonly Candidate[], nowMs: number): Reservation {
  const busy = candidates.some(({ readyAtMs }) => readyAtMs <= nowMs)
  const untilMs = Math.min(...candidates.map(({ readyAtMs }) => readyAtMs).filter((readyAtMs) => readyAtMs > nowMs))
  return busy || Number.isFinite(untilMs) ? { kind: 'wait', untilMs, busy } : { kind: 'none' }
}

function describeMiss(model: string | undefined, available: readonly string[], size: number): string {
  if (size === 0) return 'The pool has no members; add one with addModel().'
  if (model === undefined) return 'No member of the pool serves any model.'
  const list = available.length === 0 ? 'no model' : available.slice(0, 20).join(', ')
  return `No member serves the model ${JSON.stringify(model.slice(0, 100))}; the pool serves ${list}.`
}
