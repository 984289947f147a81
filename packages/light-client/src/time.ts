/** The time that absent votes carry: the beginning of year 1, which is Go's zero time. */
export const ZERO_TIME_NS: bigint = -62_135_596_800_000_000_000n

/** The times that have an encoding: years 1 to 9999. */
export const TIME_NS: { readonly min: bigint; readonly max: bigint } = {
  min: ZERO_TIME_NS,
  max: 253_402_300_799_999_999_999n,
}

/** Writes a time as nodes do: trailing zeros of the fraction are cut. */
export function formatTime(timeNs: bigint): string {
  const nanos = ((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const seconds = new Date(Number((timeNs - nanos) / 1_000_000n)).toISOString().slice(0, 19)
  const fraction = nanos.toString().padStart(9, '0').replace(/0+$/, '')
  return `${seconds}${fraction && `.${fraction}`}Z`
}

/** Turns a clock's milliseconds into nanoseconds.
 * @throws {RangeError} when they are not a finite number. */
export function msToNs(ms: number, field: string): bigint {
  if (!Number.isFinite(ms)) throw new RangeError(`${field} must be a finite number of milliseconds; got ${ms}.`)
  return BigInt(Math.floor(ms)) * 1_000_000n
}
