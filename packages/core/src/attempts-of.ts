import type { Attempt } from './verdict.ts'

/** Trails by the error of their call, or by the headers object of its response: the SDK's `APIError` carries the same object as the
 * response did. */
const trails: WeakMap<object, readonly Attempt[]> = /* @__PURE__ */ new WeakMap()

/** Remembers the trail of a call for `attemptsOf`.
 * @param outcome - The headers of its response, or its error. */
export function rememberAttempts(outcome: object, trail: readonly Attempt[]): void {
  trails.set(outcome, trail)
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
  return trails.get('headers' in value && value.headers instanceof Headers ? value.headers : value) ?? []
}
