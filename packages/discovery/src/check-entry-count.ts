import type { ActiveParticipant } from '@gonka/protocol'
import { SourceError } from './source-error.ts'

/** Networks have some hundred participants. Each entry is read, judged and looked up: millions of them, which fit into the
 * largest answer, would stop the process for most of a minute. */
const MAX_ENTRIES = 10_000

/** Networks serve some ten models, and APIs list them all: hundreds of thousands would make `/models` an answer of megabytes. */
const MAX_MODELS = 10_000

/** Refuses an answer with more entries than any network has, before anything is done with them.
 * @param json - The answer; anything.
 * @throws {SourceError} `discovery-answer-too-large`, final for this source. */
export function checkEntryCount(json: unknown, sourceUrl: string): void {
  const { active_participants: active, excluded_participants: excluded } = asObject(json)
  const count = Math.max(countOf(asObject(active).participants), countOf(excluded))
  if (count <= MAX_ENTRIES) return
  throw tooLarge(sourceUrl, `lists ${count} participants; more than ${MAX_ENTRIES} are not read`)
}

/** Refuses a list with more models, all participants together, than any network serves.
 * @throws {SourceError} `discovery-answer-too-large`, final for this source. */
export function checkModelCount(participants: readonly ActiveParticipant[], sourceUrl: string): void {
  const seen = new Set<string>()
  for (const { models } of participants) {
    for (const model of models) seen.add(model)
    if (seen.size > MAX_MODELS) throw tooLarge(sourceUrl, `lists more than ${MAX_MODELS} models, which are not read`)
  }
}

function tooLarge(sourceUrl: string, problem: string): SourceError {
  const details = { sourceUrl, statusCode: 200, retryable: false }
  return new SourceError('discovery-answer-too-large', `${sourceUrl} ${problem}.`, details)
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}
