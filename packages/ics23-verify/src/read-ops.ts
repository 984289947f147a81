import { describeBytes, equalBytes } from './bytes.ts'
import { readInput } from './read-input.ts'
import { refuse } from './refuse.ts'

/** The data of the two steps of a chained proof. */
export interface ChainedProofs {
  /** Proves the key in the store's tree. */
  readonly iavl: Uint8Array
  /** Proves the store's root in the tree of all stores. */
  readonly simple: Uint8Array
}

/** Checks the frame of a chained proof: two steps, of the right types, in order, labelled with the caller's keys.
 * @throws {GonkaProofVerificationError} `ops-count-wrong`, `ops-type-wrong`, `op-key-mismatch`, `proof-input-invalid`. */
export function readOps(ops: readonly unknown[], key: Uint8Array, store: Uint8Array): ChainedProofs {
  if (ops.length !== 2) {
    throw refuse('ops-count-wrong', `Expected two ops; got ${ops.length}.`, { proofType: 'ics23' })
  }
  return {
    iavl: readOp(ops[0], 'ics23:iavl', key),
    simple: readOp(ops[1], 'ics23:simple', store),
  }
}

function readOp(op: unknown, type: 'ics23:iavl' | 'ics23:simple', key: Uint8Array): Uint8Array {
  const input = readInput(op, type)
  if (input.text('type') !== type) {
    throw refuse('ops-type-wrong', 'Expected the types ics23:iavl, then ics23:simple.', { proofType: type })
  }
  const label = input.bytes('key')
  if (!equalBytes(label, key)) {
    const message = `Expected an op for the key ${describeBytes(key)}; it is for ${describeBytes(label)}.`
    throw refuse('op-key-mismatch', message, { proofType: type })
  }
  return input.bytes('data')
}
