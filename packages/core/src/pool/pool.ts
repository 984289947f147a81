import { ModelSelectionError } from '../errors.ts'
import type { MemberChanges, MemberOptions, UpstreamSource } from '../types.ts'
import type { Verdict } from '../verdict.ts'
import type { HealthOptions } from './health-options.ts'
import { type ModelRequest, servedModels, upstreamModelFor } from './match-model.ts'
import { type HealthChange, Member, type Slot } from './member.ts'
import { ModelIndex } from './model-index.ts'
import { selectByAffinity } from './rendezvous.ts'
import { createPicker, type Picker, type Strategy } from './strategy.ts'
import { buildTiers, type Candidate, type Service, type Tier } from './tier.ts'

/** What a call looks for in a member. */
export interface Criteria extends ModelRequest {
  /** From when on this call would use the member again, in milliseconds: 0 at once, Infinity never. */
  readonly notBeforeMs: (member: Member) => number
  /** Upstream model ids that proved unsuitable for this request. */
  readonly unsuitableModels: ReadonlySet<string>
  /** What should stay on one member while that is healthy. */
  readonly affinityKey?: string | undefined
  /** Estimated tokens, for members with a `tpm`. @default 0 */
  readonly tokens?: number | undefined
}

/** A slot on a member, taken for one attempt. Settle it exactly once. */
export interface Lease extends Slot, Service {
  readonly member: Member
}

/** The answer to "who can take this call now?" */
export type Reservation =
  | { readonly kind: 'lease'; readonly lease: Lease }
  /** Nobody now; somebody at `untilMs` (Infinity: unknown), or earlier when a slot or a probe ends (`busy`). */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly busy: boolean }
  /** Nobody, and waiting does not help. */
  | { readonly kind: 'none' }

/** The members and which of them is next. Pure and synchronous: clock and chance come from outside. */
export class Pool {
  readonly #members = new Map<string, Member>()
  readonly #index = new ModelIndex()
  readonly #suspendedGroups = new Map<string, { untilMs: number; reason: string | undefined }>()
  readonly #health: HealthOptions
  readonly #pick: Picker

  constructor(health: HealthOptions, strategy: Strategy = 'weighted-random') {
    this.#health = health
    this.#pick = createPicker(strategy)
  }

  get members(): readonly Member[] {
    return [...this.#members.values()]
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  add(source: UpstreamSource, options: MemberOptions & { tier: number }): void {
    const member = new Member(source, options, this.#health)
    if (this.#members.has(member.name)) {
      throw new RangeError(`There is already a member named ${JSON.stringify(member.name)}; use updateModel().`)
    }
    this.#members.set(member.name, member)
    this.#index.clear()
  }

  update(name: string, changes: MemberChanges): void {
    const member = this.#members.get(name)
    if (!member) throw new RangeError(`There is no member named ${JSON.stringify(name)}.`)
    member.update(changes)
    // What the former source was told says nothing about the new one, unless others still share its fate.
    if (changes.source !== undefined) this.#forgetSuspension(member)
    this.#index.clear()
  }

  remove(name: string): boolean {
    const member = this.#members.get(name)
    if (!member) return false
    this.#members.delete(name)
    this.#forgetSuspension(member)
    this.#index.clear()
    return true
  }

  clear(): void {
    this.#members.clear()
    this.#index.clear()
    this.#suspendedGroups.clear()
  }

  /** Takes a slot on a member of the lowest tier that has one free and is healthy; a full or unhealthy tier overflows.
   * @throws ModelSelectionError when nobody serves the model. */
  reserve(criteria: Criteria, nowMs: number): Reservation {
    const isFree = (candidate: Candidate): boolean =>
      !candidate.member.isBusy && this.#readyAtMs(candidate, criteria, nowMs) <= nowMs
    const tiers = this.#tiersFor(criteria)
    if (tiers.length === 0) throw this.#describeMiss(criteria)
    for (const tier of tiers) {
      const chosen = this.#choose(tier, criteria, { isFree, random: this.#health.random, nowMs })
      if (chosen) return { kind: 'lease', lease: this.#lease(chosen, criteria, nowMs) }
    }
    return this.#waitFor(criteria, nowMs)
  }

  /** Gives a slot back and learns from the verdict. */
  settle(lease: Omit<Lease, 'correctTokens'>, verdict: Verdict, nowMs: number): HealthChange {
    const { member } = lease
    if (verdict.scope === 'group' && this.#speaksForGroup(lease)) this.#suspend(member.settings.group, verdict, nowMs)
    return member.settle(lease, { verdict, service: lease, nowMs })
  }

  /** Whether any member, healthy or not, serves the request. */
  serves(request: ModelRequest): boolean {
    return this.#tiersFor(request).length > 0
  }

  /** Whether a member other than `member` could take a call with these criteria now. */
  hasAlternative(member: Member, criteria: Criteria, nowMs: number): boolean {
    return this.#candidates(criteria).some(
      (candidate) => candidate.member !== member && this.#readyAtMs(candidate, criteria, nowMs) <= nowMs,
    )
  }

  /** When the first member that serves the call is back, in milliseconds; undefined when one could be asked now or none will
   * be. What this call has tried is not left out: it is the next one that should know. */
  recoversAtMs(call: Pick<Criteria, 'path' | 'model' | 'tokens'>, nowMs: number): number | undefined {
    const times = this.#candidates(call).map((candidate) =>
      Math.max(this.#healthyAtMs(candidate), candidate.member.affordableAtMs(call.tokens ?? 0, nowMs)),
    )
    const soonest = Math.min(...times)
    return soonest > nowMs && Number.isFinite(soonest) ? soonest : undefined
  }

  /** Why the groups of the members that serve the request are out at the moment; empty when none is. */
  suspensionsFor(request: ModelRequest, nowMs: number): string[] {
    const reasons = this.#candidates(request).flatMap(({ member }) => this.suspensionOf(member, nowMs) ?? [])
    return [...new Set(reasons)]
  }

  /** The members that serve the request and are left alone at the moment, each with why. */
  restingFor(request: ModelRequest, nowMs: number): string[] {
    return this.#candidates(request).flatMap((candidate) => {
      const reason = candidate.member.restsBecause(candidate, nowMs)
      return reason === undefined ? [] : [`${candidate.member.name}: ${reason}`]
    })
  }

  /** Why a member's whole group is out at the moment; undefined when it is not. */
  suspensionOf(member: Member, nowMs: number): string | undefined {
    const suspension = this.#suspendedGroups.get(member.settings.group)
    return suspension && nowMs < suspension.untilMs ? (suspension.reason ?? 'suspended') : undefined
  }

  /** Of two suspensions the longer one counts. */
  #suspend(group: string, { retryAfterMs, reason }: Verdict, nowMs: number): void {
    const untilMs = nowMs + (retryAfterMs ?? this.#health.suspendedMs)
    const present = this.#suspendedGroups.get(group)
    if (!present || present.untilMs < untilMs) this.#suspendedGroups.set(group, { untilMs, reason })
  }

  /** A suspension of a group ends with the last of it. */
  #forgetSuspension(member: Member): void {
    if (!this.#hasOthersInGroup(member)) this.#suspendedGroups.delete(member.settings.group)
  }

  /** A member that is gone, or has another source by now, still speaks for the others of its group, not for what took its place. */
  #speaksForGroup(lease: Omit<Lease, 'correctTokens'>): boolean {
    const { member } = lease
    const isCurrent = this.#members.get(member.name) === member && member.isCurrent(lease)
    return isCurrent || this.#hasOthersInGroup(member)
  }

  #hasOthersInGroup({ name, settings: { group } }: Member): boolean {
    return this.members.some((other) => other.name !== name && other.settings.group === group)
  }

  #choose(tier: Tier, { affinityKey }: Criteria, context: Parameters<Picker>[1]): Candidate | undefined {
    if (affinityKey === undefined) return this.#pick(tier, context)
    return selectByAffinity(tier.candidates.filter(context.isFree), affinityKey)
  }

  #lease({ member, path, upstreamModel }: Candidate, { tokens = 0 }: Criteria, nowMs: number): Lease {
    return { member, path, upstreamModel, ...member.enter(tokens, nowMs) }
  }

  #waitFor(criteria: Criteria, nowMs: number): Reservation {
    let busy = false
    let untilMs = Number.POSITIVE_INFINITY
    for (const candidate of this.#candidates(criteria)) {
      const readyAtMs = this.#readyAtMs(candidate, criteria, nowMs)
      if (readyAtMs <= nowMs) busy = true
      else untilMs = Math.min(untilMs, readyAtMs)
    }
    return busy || Number.isFinite(untilMs) ? { kind: 'wait', untilMs, busy } : { kind: 'none' }
  }

  #readyAtMs(candidate: Candidate, criteria: Criteria, nowMs: number): number {
    const { member, upstreamModel } = candidate
    if (criteria.unsuitableModels.has(upstreamModel)) return Number.POSITIVE_INFINITY
    const affordableAtMs = member.affordableAtMs(criteria.tokens ?? 0, nowMs)
    return Math.max(this.#healthyAtMs(candidate), affordableAtMs, criteria.notBeforeMs(member))
  }

  #healthyAtMs(candidate: Candidate): number {
    const { member } = candidate
    const groupReadyAtMs = this.#suspendedGroups.get(member.settings.group)?.untilMs ?? 0
    return Math.max(member.healthyAtMs(candidate), groupReadyAtMs)
  }

  #candidates(request: ModelRequest): readonly Candidate[] {
    return this.#tiersFor(request).flatMap(({ candidates }) => candidates)
  }

  #tiersFor(request: ModelRequest): readonly Tier[] {
    return this.#index.tiersFor(request, () => buildTiers(this.#serving(request)))
  }

  /** A request for a member's own name is for that member alone. */
  #serving(request: ModelRequest): Candidate[] {
    const pinned = request.model === undefined ? undefined : this.#members.get(request.model)
    return (pinned ? [pinned] : this.members).flatMap((member) => {
      const upstreamModel = upstreamModelFor(member, request)
      return upstreamModel === undefined
        ? []
        : [{ member, path: request.path, upstreamModel, weight: member.settings.weight }]
    })
  }

  #describeMiss({ path, model }: ModelRequest): ModelSelectionError {
    const available = [...new Set(this.members.flatMap(servedModels))].sort()
    return new ModelSelectionError(describeMiss({ path, model, available, size: this.#members.size }), {
      model,
      available,
    })
  }
}

function describeMiss(miss: ModelRequest & { available: readonly string[]; size: number }): string {
  if (miss.size === 0) return 'The pool has no members; add one with addModel().'
  if (miss.model === undefined) return `No member of the pool serves any model at ${miss.path.slice(0, 100)}.`
  const list = miss.available.length === 0 ? 'no model' : miss.available.slice(0, 20).join(', ')
  return `No member serves the model ${JSON.stringify(miss.model.slice(0, 100))}; the pool serves ${list}.`
}
