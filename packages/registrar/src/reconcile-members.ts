import { GonkaClientError, GonkaError } from '@gonka/protocol'
import type { Registration } from './describe-member.ts'
import type { MemberLedger } from './member-ledger.ts'
import type { ReconcileResult } from './types.ts'

/** Brings a ledger to a new set: adds first, then updates in place, then removes, so that the pool is never without members
 * that could serve. One participant's failure stops no other.
 * @param wanted - The new set by member name.
 * @param onFailure - Told of each participant that could not be put into the pool.
 * @throws {GonkaClientError} `client-invalid` when not one of a set of participants could be put into the pool; then the
 * members from before stay. */
export function reconcileMembers(
  ledger: MemberLedger,
  wanted: ReadonlyMap<string, Registration>,
  onFailure: (name: string, error: unknown) => void,
): ReconcileResult {
  const tally = { added: 0, updated: 0, unchanged: 0, failed: 0 }
  let cause: unknown
  for (const [name, registration] of newcomersFirst(ledger, wanted)) {
    try {
      tally[ledger.put(name, registration)] += 1
    } catch (error) {
      tally.failed += 1
      cause ??= error
      onFailure(name, error)
    }
  }
  if (wanted.size > 0 && !anyHeld(ledger, wanted)) throw nobodyLeft(wanted.size, cause)
  const gone = ledger.names().filter((name) => !wanted.has(name))
  const removed = gone.filter((name) => ledger.remove(name)).length
  return { added: tally.added, removed, updated: tally.updated, failed: tally.failed }
}

function newcomersFirst(
  ledger: MemberLedger,
  wanted: ReadonlyMap<string, Registration>,
): (readonly [string, Registration])[] {
  const entries = [...wanted]
  return [...entries.filter(([name]) => !ledger.holds(name)), ...entries.filter(([name]) => ledger.holds(name))]
}

function anyHeld(ledger: MemberLedger, wanted: ReadonlyMap<string, Registration>): boolean {
  return [...wanted.keys()].some((name) => ledger.holds(name))
}

function nobodyLeft(count: number, cause: unknown): GonkaClientError {
  const reason = cause instanceof GonkaError ? ` The first: ${cause.message}` : ''
  const message = `None of the ${count} participants of the set could be registered; the members from before stay.${reason}`
  return new GonkaClientError('client-invalid', message, { cause })
}
