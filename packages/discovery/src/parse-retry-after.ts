/** Longest pause that a source's `Retry-After` is granted, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000

/** Reads a `Retry-After` header: seconds or a date.
 * @param now - Milliseconds since the Unix epoch.
 * @returns The pause in milliseconds, 0 to 60_000; undefined when the header is absent or malformed. */
export function parseRetryAfter(header: string | null, now: () => number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined
  const delayMs = seconds === undefined ? Date.parse(header) - now() : seconds * 1_000
  return Number.isNaN(delayMs) ? undefined : Math.min(Math.max(delayMs, 0), MAX_RETRY_AFTER_MS)
}
