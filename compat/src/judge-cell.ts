import type { Check } from './check.ts'
import { EXCEPTIONS } from './exceptions.ts'

/** One entry in one consumer. */
export interface Cell {
  readonly entry: string
  readonly consumer: string
  /** `no` when nothing works, by design; `–` when the consumer cannot be had here; `FAIL` when something is not as it should be. */
  readonly verdict: 'yes' | 'no' | '–' | 'FAIL'
  /** Numbers of the footnotes that say what does not work by design. */
  readonly notes: readonly number[]
  /** What is not as it should be, one line each. */
  readonly problems: readonly string[]
}

/** Puts the checks of one entry in one consumer together.
 * @param checks - At least one. */
export function judgeCell({ entry, consumer }: Pick<Cell, 'entry' | 'consumer'>, checks: readonly Check[]): Cell {
  const problems = checks.flatMap(findProblem)
  const excepted = checks.filter(({ outcome }) => outcome === 'fail').map(findException)
  const notes = [...new Set(excepted.filter((index) => index >= 0).map((index) => index + 1))].sort()
  return { entry, consumer, notes, problems, verdict: decide(checks, { notes, problems }) }
}

function decide(checks: readonly Check[], { notes, problems }: Pick<Cell, 'notes' | 'problems'>): Cell['verdict'] {
  if (problems.length > 0) return 'FAIL'
  if (checks.some(({ outcome }) => outcome === 'absent')) return '–'
  return notes.length > 0 && checks.every(({ outcome }) => outcome === 'fail') ? 'no' : 'yes'
}

/** An exception that came true is no problem; one that no longer does is, so that the table cannot stay behind. */
function findProblem(check: Check): string[] {
  const where = `${check.entry} in ${check.consumer} (${check.mode})`
  const exception = EXCEPTIONS[findException(check)]
  if (check.outcome === 'pass' && exception) return [`${where}: works now; take the exception out: ${exception.note}`]
  if (check.outcome !== 'fail' || exception?.explains(check.reason)) return []
  return [`${where}: ${check.reason}`]
}

function findException(check: Check): number {
  return EXCEPTIONS.findIndex(({ applies }) => applies(check))
}
