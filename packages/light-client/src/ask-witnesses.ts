import { equalBytes } from './bytes.ts'
import { isRefusal, refusal } from './errors.ts'
import { fetchSignedHeader } from './fetch-light-block.ts'
import { hashHeader } from './hash-header.ts'
import type { BlockSource, CallOptions, TrustedState } from './types.ts'

/** Who is asked whether a header is the chain's. */
export interface AskWitnessesOptions extends CallOptions {
  readonly witnesses: readonly BlockSource[]
  /** How many must have the same header. */
  readonly minWitnesses: number
}

/** Compares a verified header with those of independent nodes. Two different ones mean that validators signed both, or that
 * a node lies; which of them is right cannot be told from here, so neither is used.
 * @throws {GonkaProofVerificationError} `witness-conflict`; `witness-missing` when too few have an answer. */
export async function askWitnesses(state: TrustedState, options: AskWitnessesOptions): Promise<void> {
  const { witnesses, minWitnesses, signal } = options
  const answers = await Promise.allSettled(witnesses.map((witness) => compare(witness, state, { signal })))
  signal?.throwIfAborted()
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []))
  const conflict = failures.find((failure) => isRefusal(failure, 'witness-conflict'))
  if (conflict) throw conflict
  const agreeing = witnesses.length - failures.length
  if (agreeing >= minWitnesses) return
  throw refusal(
    'witness-missing',
    `${minWitnesses} witnesses must have the header at height ${state.header.height}; ${agreeing} of ${witnesses.length} gave it.`,
    { cause: failures[0] },
  )
}

async function compare(witness: BlockSource, { header, hash }: TrustedState, options: CallOptions): Promise<void> {
  const { header: other } = await fetchSignedHeader(witness, header.height, options)
  const computedHash = hashHeader(other)
  if (equalBytes(hash, computedHash)) return
  throw refusal(
    'witness-conflict',
    `A witness has another header at height ${header.height}. The primary or the witness lies, or the chain was attacked.`,
    { expectedHash: hash, computedHash },
  )
}
