/** Turns a clock's milliseconds into whole microseconds, which are exact in a double until the year 2255; nanoseconds are not.
 * @throws RangeError when `now` gave no finite number. */
export function toMicroseconds(timeMs: number): bigint {
  if (!Number.isFinite(timeMs)) throw new RangeError(`now must give a finite number of milliseconds; got ${timeMs}.`)
  return BigInt(Math.floor(timeMs * 1_000))
}
