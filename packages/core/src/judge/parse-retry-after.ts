/** Reads how long an upstream asks to be left alone: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date.
 * More than a day is read as a day, so that one garbled header cannot take a member out for good.
 * @param headers - The answer's headers.
 * @param nowMs - Present time, for dates of an answer that does not say when it was sent.
 * @returns Milliseconds, 0 to 86_400_000, or undefined when there is no such header or it cannot be read.
 * @see RFC 9110, section 10.2.3 */
export function parseRetryAfter(headers: Headers | undefined, nowMs: number): number | undefined {
  const value = headers?.get('retry-after')
  const seconds = parseNumber(value)
  const waitMs = parseNumber(headers?.get('retry-after-ms')) ?? (seconds === undefined ? undefined : seconds * 1_000)
  const askedMs = waitMs ?? parseDate(value) - sentAtMs(headers, nowMs)
  return Number.isNaN(askedMs) ? undefined : Math.min(Math.max(0, askedMs), MAX_WAIT_MS)
}

const MAX_WAIT_MS = 86_400_000

/** A date is the upstream's, so it is measured by the upstream's own clock: ours may be wrong by hours. */
function sentAtMs(headers: Headers | undefined, nowMs: number): number {
  const dateMs = parseDate(headers?.get('date'))
  return Number.isNaN(dateMs) ? nowMs : dateMs
}

function parseNumber(value: string | null | undefined): number | undefined {
  return value && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}

/** Dates need a time of day: `Date.parse` alone makes one of "-5". The asctime form names no zone and means UTC. */
function parseDate(value: string | null | undefined): number {
  if (!value || !/\d\d:\d\d:\d\d/.test(value)) return Number.NaN
  return Date.parse(/\d\d:\d\d:\d\d \d{4}$/.test(value) ? `${value} GMT` : value)
}
