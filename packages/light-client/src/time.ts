/** The time that absent votes carry: the beginning of year 1, which is Go's zero time. */
export const ZERO_TIME_NS: bigint = -62_135_596_800_000_000_000n

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

/** Reads a time as nodes write it: RFC 3339 in UTC with 0 to 9 digits of a second. `Date` would cut it to milliseconds.
 * @returns Nanoseconds since the Unix epoch; undefined when it is anything else. */
export function parseTime(text: string): bigint | undefined {
  const [, seconds, fraction = ''] = RFC3339.exec(text) ?? []
  if (seconds === undefined || seconds.startsWith('0000')) return undefined
  const timeMs = Date.parse(`${seconds}Z`)
  // The 30th of February would otherwise pass as the 2nd of March.
  if (Number.isNaN(timeMs) || !new Date(timeMs).toISOString().startsWith(seconds)) return undefined
  return BigInt(timeMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
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
