import { selectWeighted } from './select-weighted.ts'
import { type Candidate, sampleByWeight, type Tier } from './tier.ts'

/** A member as a selection strategy sees it. */
export interface SelectableMember {
  /** The member's unique name. */
  readonly name: string
  /** Its share within the tier, >= 0. */
  readonly weight: number
  /** Requests and streams that hold one of its slots now. */
  readonly inFlight: number
  /** Peak-sensitive moving average of its time to first content, in milliseconds; 0 before the first answer. */
  readonly firstContentMs: number
}

/** Picks one of the members that could take a call now: healthy, with a free slot, of one tier; at least one is given.
 * What is not one of them, or undefined, means the first. */
export type SelectFunction = (
  members: readonly SelectableMember[],
  random: () => number,
) => SelectableMember | undefined

/** How a member is picked from the lowest tier that has a free one.
 * - `weighted-random`: by chance, in proportion to the weights.
 * - `smooth-weighted-round-robin`: in turn, in proportion to the weights, evenly spread.
 * - `least-busy`: the one with the fewest requests in flight per weight.
 * - `peak-ewma`: of two drawn by chance, the one whose time to first content x requests in flight / weight is lower.
 * - a function of your own.
 *
 * Picking by `weighted-random` and `peak-ewma` costs the same for ten and for ten thousand healthy members; the others look
 * at every member. */
export type Strategy = 'weighted-random' | 'smooth-weighted-round-robin' | 'least-busy' | 'peak-ewma' | SelectFunction

/** What a strategy works with. */
interface PickContext {
  readonly isFree: (candidate: Candidate) => boolean
  readonly random: () => number
  readonly nowMs: number
}

/** Picks a free candidate of a tier; undefined when none is free. */
export type Picker = (tier: Tier, context: PickContext) => Candidate | undefined

/** Builds the picker of a strategy.
 * @throws TypeError when the strategy is not known. */
export function createPicker(strategy: Strategy): Picker {
  if (typeof strategy === 'function') return createOwnPicker(strategy)
  const create = Object.hasOwn(PICKERS, strategy) ? PICKERS[strategy] : undefined
  if (!create)
    throw new TypeError(`strategy must be ${Object.keys(PICKERS).join(', ')} or a function; got ${strategy}.`)
  return create()
}

const PICKERS: Readonly<Record<Extract<Strategy, string>, () => Picker>> = {
  'weighted-random': () => pickWeighted,
  'smooth-weighted-round-robin': createRoundRobinPicker,
  'least-busy': () => pickLeastBusy,
  'peak-ewma': () => pickPeakEwma,
}

/** Draws before all candidates are looked at: with one free member in two, one draw in 256 calls goes that far. */
const DRAWS = 8

/** Drawing again when the drawn one is not free leaves the free ones' proportions exact. */
function pickWeighted(tier: Tier, context: PickContext): Candidate | undefined {
  for (let draw = 0; draw < DRAWS; draw++) {
    const candidate = sampleByWeight(tier, context.random)
    if (!candidate) break
    if (context.isFree(candidate)) return candidate
  }
  return selectWeighted(tier.candidates.filter(context.isFree), context.random)
}

function createRoundRobinPicker(): Picker {
  const credits = new WeakMap<Candidate['member'], number>()
  return (tier, { isFree }) => {
    let total = 0
    let best: Candidate | undefined
    let bestCredit = Number.NEGATIVE_INFINITY
    for (const candidate of orStandbys(tier.candidates.filter(isFree))) {
      const weight = candidate.weight || 1
      const credit = (credits.get(candidate.member) ?? 0) + weight
      credits.set(candidate.member, credit)
      total += weight
      if (credit > bestCredit) [best, bestCredit] = [candidate, credit]
    }
    if (best) credits.set(best.member, bestCredit - total)
    return best
  }
}

function pickLeastBusy(tier: Tier, { isFree, random }: PickContext): Candidate | undefined {
  const free = orStandbys(tier.candidates.filter(isFree))
  const loads = free.map(({ member, weight }) => member.inFlight / (weight || 1))
  const least = Math.min(...loads)
  return selectWeighted(
    free.filter((_, index) => loads[index] === least),
    random,
  )
}

function pickPeakEwma(tier: Tier, context: PickContext): Candidate | undefined {
  const first = drawFree(tier, context)
  const second = drawFree(tier, context)
  if (!first || !second) return first ?? second
  return costOf(first, context.nowMs) <= costOf(second, context.nowMs) ? first : second
}

function drawFree(tier: Tier, { isFree, random }: PickContext): Candidate | undefined {
  const { candidates } = tier
  for (let draw = 0; draw < DRAWS; draw++) {
    const candidate = candidates[Math.floor(random() * candidates.length)]
    if (candidate && candidate.weight > 0 && isFree(candidate)) return candidate
  }
  const free = orStandbys(candidates.filter(isFree))
  return free[Math.floor(random() * free.length)]
}

/** A member without a measurement counts as fast, yet not as free: it must not draw every call before its first answer. */
function costOf({ member, weight }: Candidate, nowMs: number): number {
  return (Math.max(1, member.firstContent.averageMs(nowMs)) * (member.inFlight + 1)) / (weight || 1)
}

function createOwnPicker(select: SelectFunction): Picker {
  return (tier, { isFree, random, nowMs }) => {
    const free = tier.candidates.filter(isFree)
    if (free.length === 0) return undefined
    const views = free.map(({ member, weight }) => ({
      name: member.name,
      weight,
      inFlight: member.inFlight,
      firstContentMs: member.firstContent.averageMs(nowMs),
    }))
    const chosen = select(views, random)
    return free[Math.max(0, views.indexOf(chosen as (typeof views)[number]))]
  }
}

/** Members of weight 0 take part only when nobody else does. */
function orStandbys(free: readonly Candidate[]): readonly Candidate[] {
  const weighted = free.filter(({ weight }) => weight > 0)
  return weighted.length > 0 ? weighted : free
}
