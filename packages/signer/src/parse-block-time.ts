const RFC_3339_UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

/** From here on, and less than this: what a wrong block time adds to a wrong local time still fits a timestamp (int64). */
const EARLIEST_MS = 0
const END_MS = Date.UTC(2200, 0)

/** Reads a block time as nodes write it: RFC 3339 in UTC with 0 to 9 digits of a second. `Date` would cut it to milliseconds.
 * @returns Nanoseconds since the Unix epoch; undefined when it is anything else, or not in the years 1970 to 2199. */
export function parseBlockTime(text: string): bigint | undefined {
  const [, seconds, fraction = ''] = RFC_3339_UTC.exec(text) ?? []
  const timeMs = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`)
  if (!(timeMs >= EARLIEST_MS && timeMs < END_MS)) return undefined
  // The 30th of February would otherwise pass as the 2nd of March, and 24:00 as the next day.
  if (new Date(timeMs).toISOString() !== `${seconds}.000Z`) return undefined
  return BigInt(timeMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
