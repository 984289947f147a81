import type { GonkaParticipant } from '@gonka/protocol'
import type { Classify, MemberChanges, MemberOptions } from '@multiplexer/core/router'

/** What a registration asks of the pool, beside the participant itself. */
export interface MemberTerms {
  /** Tier 1 instead of 0. */
  readonly asFallback: boolean
  /** Used instead of the participant's weight. */
  readonly weightOverride: number | undefined
  /** Most requests in flight at once; undefined is no limit. */
  readonly maxConcurrent: number | undefined
}

/** What all members of a registrar have in common. */
export interface MemberDefaults {
  readonly group: string
  readonly classify: Classify
}

/** A registered participant, as it was last told to the pool. */
export interface Registration {
  readonly participant: GonkaParticipant
  /** Epoch it is counted to: that of the last set it was in. */
  readonly epochId: number
  readonly terms: MemberTerms
}

/** Describes a participant as a new member of the pool. */
export function toMemberOptions(
  modelName: string,
  { participant, terms }: Registration,
  defaults: MemberDefaults,
): MemberOptions {
  return {
    modelName,
    weight: weightOf(participant, terms),
    models: modelsOf(participant),
    tier: tierOf(terms),
    maxConcurrent: terms.maxConcurrent,
    ...defaults,
  }
}

/** Lists what differs for the pool between two registrations of the same participant; without the transport.
 * @returns Undefined when nothing does. */
export function diffMember(before: Registration, after: Registration): MemberChanges | undefined {
  const changes: MemberChanges = {
    ...(weightOf(before.participant, before.terms) === weightOf(after.participant, after.terms)
      ? {}
      : { weight: weightOf(after.participant, after.terms) }),
    ...(sameModels(before.participant, after.participant) ? {} : { models: modelsOf(after.participant) }),
    ...(before.terms.asFallback === after.terms.asFallback ? {} : { tier: tierOf(after.terms) }),
  }
  return Object.keys(changes).length === 0 ? undefined : changes
}

function weightOf(participant: GonkaParticipant, terms: MemberTerms): number {
  return terms.weightOverride ?? participant.weight
}

/** Lists what a member serves: a participant of an epoch without models serves nothing; one configured by hand has simply
 * not said (undefined). */
export function modelsOf({ epochId, models }: GonkaParticipant): readonly string[] | undefined {
  return epochId === 0 && models.length === 0 ? undefined : models
}

function tierOf({ asFallback }: MemberTerms): number {
  return asFallback ? 1 : 0
}

function sameModels(before: GonkaParticipant, after: GonkaParticipant): boolean {
  const [left, right] = [modelsOf(before), modelsOf(after)]
  if (left === undefined || right === undefined) return left === right
  return left.length === right.length && left.every((model, index) => model === right[index])
}
