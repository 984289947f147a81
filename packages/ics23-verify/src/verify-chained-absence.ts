import { decodeNonExistence } from './decode-proof.ts'
import { IAVL } from './iavl-spec.ts'
import { proveNonMembership } from './prove-claim.ts'
import { proveStoreRoot } from './prove-store-root.ts'
import { readInput } from './read-input.ts'
import { readOps } from './read-ops.ts'
import type { ProofOp } from './types.ts'

/** What {@link verifyChainedAbsence} needs. */
export interface ChainedAbsenceOptions {
  /** The two steps of the answer, from the key to the app hash. Untrusted. */
  readonly ops: readonly ProofOp[]
  /** App hash of an authenticated header, 32 bytes. State at height H is under the app hash of header H + 1. */
  readonly appHash: Uint8Array
  /** Name of the store that you ask about, such as `inference`. */
  readonly store: string
  /** The key that you ask about. Make it yourself; never take it from the answer. */
  readonly key: Uint8Array
}

/** Verifies that nothing is stored under `key` in the named store of the state that the app hash commits to.
 * The store itself must exist: a proof that there is no such store is refused.
 * @param options - The two ops, trusted app hash, store and key.
 * @throws {GonkaProofVerificationError} Always on anything else; `code` says why, `proofType` which of the two steps.
 * @example declare const ops: ProofOp[]
 * declare const appHash: Uint8Array // of an authenticated header, 32 bytes
 * verifyChainedAbsence({ ops, appHash, store: 'inference', key: new TextEncoder().encode('some/key') })
 * @see Proof reference, section 1.5, rules 5 and 6 */
export function verifyChainedAbsence(options: ChainedAbsenceOptions): void {
  const input = readInput(options, 'ics23')
  const [appHash, key] = [input.root('appHash'), input.bytes('key')]
  const store = new TextEncoder().encode(input.text('store'))
  const proofs = readOps(input.list('ops'), key, store)
  const root = proveStoreRoot(proofs.simple, appHash, store)
  proveNonMembership(decodeNonExistence(proofs.iavl, IAVL), { root, key }, IAVL)
}
