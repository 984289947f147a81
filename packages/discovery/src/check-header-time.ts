import type { Header } from '@gonka/light-client'
import { GonkaProofVerificationError } from '@gonka/protocol'

/** The clock, and how far headers may be from it. */
export interface HeaderTimeLimits {
  readonly now: () => number
  /** Oldest header of an epoch that counts as in force, in milliseconds. */
  readonly maxAgeMs: number
  /** How far a header may be ahead of the clock, in milliseconds. */
  readonly maxClockDriftMs: number
}

/** Milliseconds since the Unix epoch of a header, rounded down. */
export function headerTimeMs({ timeNs }: Header): number {
  return Number(timeNs / 1_000_000n)
}

/** Refuses a header from the future, whatever it is for.
 * @throws {GonkaProofVerificationError} `header-from-future`. */
export function checkNotFromFuture(header: Header, { now, maxClockDriftMs }: Omit<HeaderTimeLimits, 'maxAgeMs'>): void {
  const aheadMs = headerTimeMs(header) - now()
  if (aheadMs < maxClockDriftMs) return
  const message = `header ${header.height} is ${aheadMs} ms ahead of the clock; at most ${maxClockDriftMs} is allowed. Is the clock set right?`
  throw new GonkaProofVerificationError('header-from-future', message)
}

/** Refuses a header that is too old to speak of the epoch in force: an old epoch has a perfect proof.
 * @throws {GonkaProofVerificationError} `epoch-stale`. */
export function checkFresh(header: Header, { now, maxAgeMs }: HeaderTimeLimits): void {
  const ageMs = now() - headerTimeMs(header)
  if (ageMs <= maxAgeMs) return
  const message = `the proven list is ${ageMs} ms old and so not that of the epoch in force; at most maxAgeMs, ${maxAgeMs}, is allowed.`
  throw new GonkaProofVerificationError('epoch-stale', message)
}
