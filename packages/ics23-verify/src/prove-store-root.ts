import { decodeExistence } from './decode-proof.ts'
import { proveMembership } from './prove-claim.ts'
import { refuse } from './refuse.ts'
import { SIMPLE } from './simple-spec.ts'

const ROOT_BYTES = 32

/** Checks that a proof shows the root of the store in the tree of all stores.
 * @returns The store's root, 32 bytes, now as trusted as the app hash.
 * @throws {GonkaProofVerificationError} `store-root-wrong` when what is proven has not 32 bytes. */
export function proveStoreRoot(proof: Uint8Array, appHash: Uint8Array, store: Uint8Array): Uint8Array {
  const decoded = decodeExistence(proof, SIMPLE)
  const { value } = decoded
  proveMembership(decoded, { root: appHash, key: store, value }, SIMPLE)
  if (value.length !== ROOT_BYTES) {
    throw refuse('store-root-wrong', `Expected a store root of ${ROOT_BYTES} bytes; got ${value.length}.`, SIMPLE)
  }
  return value
}
