/** Reads how long an upstream asks to be left alone: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date.
 * @param headers - The answer's headers.
 * @param nowMs - Present time, for dates.
 * @returns Milliseconds >= 0, or undefined when there is no such header or it cannot be read.
 * @see RFC 9110, section 10.2.3 */
export function parseRetryAfter(headers: Headers | undefined, nowMs: number): number | undefined {
  const exact = parseSeconds(headers?.get('retry-after-ms'))
  if (exact !== undefined) return exact
  const value = headers?.get('retry-after')
  if (!value) return undefined
  const seconds = parseSeconds(value)
  if (seconds !== undefined) return seconds * 1_000
  const dateMs = Date.parse(value)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}

function parseSeconds(value: string | null | undefined): number | undefined {
  return value && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}
