import type { Member } from './member.ts'

/** What a member is asked for: a model, by the id that it is sent, at a path. Upstreams that serve a model need not serve it at
 * every path. */
export interface Service {
  readonly path: string
  readonly upstreamModel: string
}

/** A member that could serve a request, and what it would be asked for. */
export interface Candidate extends Service {
  readonly member: Member
  /** The member's weight when the tiers were built; they are built anew when one changes. */
  readonly weight: number
}

/** The candidates of one tier, with the running sum of their weights for drawing in logarithmic time. */
export interface Tier {
  readonly candidates: readonly Candidate[]
  readonly cumulativeWeights: Float64Array
}

/** Sorts candidates into tiers, the lowest first. */
export function buildTiers(candidates: readonly Candidate[]): readonly Tier[] {
  const byTier = new Map<number, Candidate[]>()
  for (const candidate of candidates) {
    const tier = byTier.get(candidate.member.settings.tier) ?? []
    tier.push(candidate)
    byTier.set(candidate.member.settings.tier, tier)
  }
  return [...byTier].sort(([a], [b]) => a - b).map(([, members]) => buildTier(members))
}

/** Draws a candidate with probability proportional to its weight, free or not; undefined when all weights are 0. */
export function sampleByWeight({ candidates, cumulativeWeights }: Tier, random: () => number): Candidate | undefined {
  const total = cumulativeWeights[cumulativeWeights.length - 1] ?? 0
  if (total === 0) return undefined
  const target = random() * total
  let low = 0
  let high = cumulativeWeights.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((cumulativeWeights[middle] ?? 0) > target) high = middle
    else low = middle + 1
  }
  return candidates[low]
}

function buildTier(candidates: readonly Candidate[]): Tier {
  const cumulativeWeights = new Float64Array(candidates.length)
  let sum = 0
  for (const [index, { weight }] of candidates.entries()) {
    sum += weight
    cumulativeWeights[index] = sum
  }
  return { candidates, cumulativeWeights }
}
