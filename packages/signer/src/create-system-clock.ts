import { placeClock } from './place-clock.ts'
import type { Clock } from './types.ts'

/** Options of `createSystemClock`. */
export interface SystemClockOptions {
  /** Milliseconds since the Unix epoch; fractions are used down to a microsecond. @default () => Date.now() */
  readonly now?: (() => number) | undefined
  /** A number from 0 up to 1. Places this clock within the millisecond, so that two processes that share a key do not
   * sign in the same nanosecond. @default () => Math.random() */
  readonly random?: (() => number) | undefined
}

/** Further behind the last timestamp than this, the system time was set back; a node may refuse what is so far ahead. */
const MAX_AHEAD_NS = 1_000_000_000n

/** Makes a clock from the system time: unique, strictly increasing nanoseconds, also when `now` stands still or goes back (then
 * it goes on one microsecond at a time until `now` has caught up). `resync`, which a signing fetch calls when a node refused the
 * timestamp, follows a system time that was set back by more than a second, with timestamps not used before.
 * @throws RangeError from `nowNs` and `resync` when `now` gives no finite number.
 * @example const clock = createSystemClock()
 * clock.nowNs() < clock.nowNs() // true */
export function createSystemClock(options: SystemClockOptions = {}): Clock {
  const { now = () => Date.now(), random = () => Math.random() } = options
  const { timeUs, lanes } = placeClock(now, random)
  let lastNs = 0n
  const nowNs = (): bigint => {
    lastNs = lanes.next(timeUs())
    return lastNs
  }
  const resync = async (): Promise<void> => {
    const us = timeUs()
    if (lastNs - us * 1_000n > MAX_AHEAD_NS) lanes.follow(us)
  }
  return Object.freeze({ nowNs, resync })
}

let shared: Clock | undefined

/** The system clock of this process: made at first use, the same for everyone, so that no two signatures made with it ever
 * have equal timestamps. */
export function sharedSystemClock(): Clock {
  shared ??= createSystemClock()
  return shared
}
