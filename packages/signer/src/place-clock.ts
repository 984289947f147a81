import { createTimestampLanes, type TimestampLanes } from './timestamp-lanes.ts'
import { toMicroseconds } from './to-microseconds.ts'

/** A local clock at a place of its own within the millisecond. */
export interface PlacedClock {
  /** Microseconds since the Unix epoch.
   * @throws RangeError when `now` gave no finite number. */
  timeUs(): bigint
  readonly lanes: TimestampLanes
}

/** Gives a clock a random place within the millisecond, to the nanosecond: two processes that share a key read the same `now`,
 * and would otherwise sign the same nanosecond. */
export function placeClock(now: () => number, random: () => number): PlacedClock {
  const placeNs = Math.floor(random() * 1_000_000)
  const phaseUs = BigInt(Math.floor(placeNs / 1_000))
  return { timeUs: () => toMicroseconds(now()) + phaseUs, lanes: createTimestampLanes(placeNs % 1_000) }
}
