import type { Attempt } from './verdict.ts'

/** Trails by the headers object of their response: the SDK's `APIError` carries the same object as the response did. */
const trails: WeakMap<Headers, readonly Attempt[]> = /* @__PURE__ */ new WeakMap()

/** Remembers the trail of a response for `attemptsOf`. */
export function rememberAttempts(headers: Headers, trail: readonly Attempt[]): void {
  trails.set(headers, trail)
}

/** Tells which members were tried for an answer or an error, in order, and what came of it.
 * @param value - A `Response` of `router.fetch` or of `.asResponse()`/`.withResponse()`, an error of this library, or an
 * `APIError` that passed through it.
 * @returns The attempts; empty for anything else. The attempt of a stream is listed once the stream has ended.
 * @example const { response } = await mux.chat.completions.create(body).withResponse()
 * console.table(attemptsOf(response)) */
export function attemptsOf(value: unknown): readonly Attempt[] {
  if (typeof value !== 'object' || value === null) return []
  if ('attempts' in value && Array.isArray(value.attempts)) return value.attempts
  return 'headers' in value && value.headers instanceof Headers ? (trails.get(value.headers) ?? []) : []
}
