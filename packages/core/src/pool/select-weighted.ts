/** Something that can be picked by weight. */
export interface Weighted {
  readonly settings: { readonly weight: number }
}

/** Picks one candidate with probability proportional to its weight; with no weight among them, all are equal.
 * @param candidates - At least one.
 * @param random - Source of chance, [0, 1). */
export function selectWeighted<T extends Weighted>(candidates: readonly T[], random: () => number): T | undefined {
  const total = candidates.reduce((sum, { settings }) => sum + settings.weight, 0)
  if (total === 0) return candidates[Math.floor(random() * candidates.length)]
  let remaining = random() * total
  let last: T | undefined
  for (const candidate of candidates) {
    if (candidate.settings.weight === 0) continue
    last = candidate
    remaining -= candidate.settings.weight
    if (remaining < 0) return candidate
  }
  return last
}
