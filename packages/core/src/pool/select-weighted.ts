/** Picks one candidate with probability proportional to its weight; with no weight among them, all are equal.
 * @param candidates - Those to pick from; none gives undefined.
 * @param random - Source of chance, [0, 1). */
export function selectWeighted<T extends { readonly weight: number }>(
  candidates: readonly T[],
  random: () => number,
): T | undefined {
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return candidates[Math.floor(random() * candidates.length)]
  let remaining = random() * total
  let last: T | undefined
  for (const candidate of candidates) {
    if (candidate.weight === 0) continue
    last = candidate
    remaining -= candidate.weight
    if (remaining < 0) return candidate
  }
  return last
}
