import { toMicroseconds } from './to-microseconds.ts'
import type { Clock } from './types.ts'

/** Options of `createSystemClock`. */
export interface SystemClockOptions {
  /** Milliseconds since the Unix epoch; fractions are used down to a microsecond. @default () => Date.now() */
  readonly now?: (() => number) | undefined
  /** A number from 0 up to 1. Places this clock within the millisecond, so that two processes that share a key do not
   * sign in the same nanosecond. @default () => Math.random() */
  readonly random?: (() => number) | undefined
}

const NS_PER_MS = 1_000_000

/** Makes a clock from the system time: unique, strictly increasing nanoseconds, also when `now` stands still or goes back
 * (then it goes on one nanosecond at a time until `now` has caught up). `resync` does nothing.
 * @throws RangeError from `nowNs` when `now` gives no finite number.
 * @example const clock = createSystemClock()
 * clock.nowNs() < clock.nowNs() // true */
export function createSystemClock(options: SystemClockOptions = {}): Clock {
  const { now = () => Date.now(), random = () => Math.random() } = options
  const phaseNs = BigInt(Math.floor(random() * NS_PER_MS))
  let lastNs = 0n
  const nowNs = (): bigint => {
    const timeNs = toMicroseconds(now()) * 1_000n + phaseNs
    lastNs = timeNs > lastNs ? timeNs : lastNs + 1n
    return lastNs
  }
  return Object.freeze({ nowNs, resync: async () => {} })
}

let shared: Clock | undefined

/** The system clock of this process: made at first use, the same for everyone, so that no two signatures made with it ever
 * have equal timestamps. */
export function sharedSystemClock(): Clock {
  shared ??= createSystemClock()
  return shared
}
