import type { Candidate } from './tier.ts'

/** Picks the candidate that `key` belongs to: every key has its own order of preference over the members, in proportion to
 * their weights, so that removing one member moves only the keys that were on it.
 * @param candidates - Those that could take the call now.
 * @param key - A conversation, a user, whatever should stay on one member.
 * @see Weighted rendezvous hashing: the highest of -weight / ln(hash) wins. */
export function selectByAffinity(candidates: readonly Candidate[], key: string): Candidate | undefined {
  let best: Candidate | undefined
  let bestScore = Number.NEGATIVE_INFINITY
  for (const candidate of candidates) {
    // A weight of 0 still gives an order among standbys, below every weighted member.
    const { member, weight } = candidate
    const chance = hashToUnit(`${key}\n${member.name}`)
    const score = weight > 0 ? -weight / Math.log(chance) : chance - 1
    if (score > bestScore) [best, bestScore] = [candidate, score]
  }
  return best
}

/** A well-mixed number in (0, 1) for a text: 32-bit FNV-1a over UTF-16 units in two lanes, finalised as MurmurHash3 is. */
function hashToUnit(text: string): number {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x85ebca6b)
  }
  const fraction = (mix(high) >>> 0) * 2 ** -32 + (mix(low ^ high) >>> 11) * 2 ** -53
  return Math.min(Math.max(fraction, Number.EPSILON), 1 - Number.EPSILON)
}

function mix(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
