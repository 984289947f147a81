import { SourceError } from './source-error.ts'

/** Networks have some hundred participants. Each entry is read, judged and looked up: millions of them, which fit into the
 * largest answer, would stop the process for most of a minute. */
const MAX_ENTRIES = 10_000

/** Refuses an answer with more entries than any network has, before anything is done with them.
 * @param json - The answer; anything.
 * @throws {SourceError} `discovery-answer-too-large`, final for this source. */
export function checkEntryCount(json: unknown, sourceUrl: string): void {
  const { active_participants: active, excluded_participants: excluded } = asObject(json)
  const count = Math.max(countOf(asObject(active).participants), countOf(excluded))
  if (count <= MAX_ENTRIES) return
  const message = `${sourceUrl} lists ${count} participants; more than ${MAX_ENTRIES} are not read.`
  throw new SourceError('discovery-answer-too-large', message, { sourceUrl, statusCode: 200, retryable: false })
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}
