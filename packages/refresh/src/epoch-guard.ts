import { GonkaRefreshError } from '@gonka/protocol'
import type { SourcedSet } from './types.ts'

/** So many lists in a row must be older than the set in use before one of them replaces it. */
const NEEDED_LISTS = 3

/** Keeps the epoch from going backwards.
 *
 * What is proven never goes back. Between unproven lists there is no telling who is right: a node that lags behind says an
 * older epoch, and a node that lies may have said one far ahead, after which the truth looks old. So an older epoch counts as
 * true once three lists in a row name one, none of them an earlier one than the list before. A list of the epoch in use, or of
 * a newer one, ends such a row; a refresh without a list does not. */
export class EpochGuard {
  #older: { readonly epochId: number; readonly count: number } | undefined

  /** Refuses a set of an older epoch, unless enough lists in a row have said so.
   * @param current - The set in use.
   * @throws {GonkaRefreshError} `refresh-failed`. */
  check(set: SourcedSet, current: SourcedSet | undefined): void {
    if (current === undefined || set.epochId >= current.epochId) {
      this.#older = undefined
      return
    }
    const lastSuccessfulEpoch = current.epochId
    const problem = `The set was refused: the source went back from epoch ${current.epochId} to ${set.epochId}`
    if (isProven(set) || isProven(current)) throw new GonkaRefreshError(`${problem}.`, { lastSuccessfulEpoch })
    const missing = NEEDED_LISTS - this.#count(set)
    if (missing <= 0) return
    const hint = `as neither list is proven, it is used if ${missing} more in a row say so`
    throw new GonkaRefreshError(`${problem}; ${hint}.`, { lastSuccessfulEpoch })
  }

  #count({ epochId }: SourcedSet): number {
    const before = this.#older
    const count = before !== undefined && epochId >= before.epochId ? before.count + 1 : 1
    this.#older = { epochId, count }
    return count
  }
}

function isProven({ trust = 'none' }: SourcedSet): boolean {
  return trust !== 'none'
}
