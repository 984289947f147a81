const RFC_3339_UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

/** Reads a time as the chain's nodes write it: RFC 3339 in UTC with 0 to 9 digits of a second. `Date` would cut it to
 * milliseconds.
 * @returns Nanoseconds since the Unix epoch, negative before it; undefined when it is anything else. The years 1 to 9999 are read.
 * @example const timeNs = parseBlockTime('2026-01-01T00:00:00.000000001Z') // 1_767_225_600_000_000_001n
 * @see Protocol reference, section 4.3; RFC 3339, section 5.6 */
export function parseBlockTime(text: string): bigint | undefined {
  const [, seconds, fraction = ''] = RFC_3339_UTC.exec(text) ?? []
  if (seconds === undefined || seconds.startsWith('0000')) return undefined
  const timeMs = Date.parse(`${seconds}Z`)
  // The 30th of February would otherwise pass as the 2nd of March, and 24:00 as the next day.
  if (Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== `${seconds}.000Z`) return undefined
  return BigInt(timeMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
