import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { EpochMember } from '../epochs.ts'
import { merkleRoot } from '../merkle-tree.ts'
import { compareBytes } from '../state/compare-bytes.ts'
import { bytesField, integerField } from '../write-protobuf.ts'
import type { Validator } from './types.ts'

/** Chain rules cap what one host can weigh; and no sum of capped powers leaves the range that consensus allows. */
const MAX_POWER = 10 ** 12

/** The validator with this key. */
export function createValidator(publicKey: Uint8Array, power: number, keyLabel: string): Validator {
  return { publicKey, address: sha256(publicKey).slice(0, 20), power: Math.min(power, MAX_POWER), keyLabel }
}

/** The consensus set of an epoch: its participants with some weight, each once.
 * @param before - Stays in force when nobody has any: a chain without validators would stand still. */
export function toValidators(members: readonly EpochMember[], before: readonly Validator[]): readonly Validator[] {
  const weighing = members.filter(({ weight, index }, at) => weight > 0 && firstOf(members, index) === at)
  if (weighing.length === 0 && before.length > 0) return before
  const chosen = weighing.length > 0 ? weighing : members.map((member) => ({ ...member, weight: 1 }))
  return orderValidators(
    chosen.map(({ validatorKey, weight, index }) => createValidator(validatorKey, weight, `validator/${index}`)),
  )
}

/** Where a node's own entry is; those after it say nothing about its key. */
function firstOf(members: readonly EpochMember[], index: number): number {
  return members.findIndex((member) => member.index === index)
}

/** Power descending, then address ascending: the order in which sets are hashed and signed. */
export function orderValidators(validators: readonly Validator[]): readonly Validator[] {
  return [...validators].sort((a, b) => b.power - a.power || compareBytes(a.address, b.address))
}

const setHashes = /* @__PURE__ */ new WeakMap<readonly Validator[], Uint8Array>()

/** Hash of a consensus set in its order.
 * @see Proof reference, section 3.1 */
export function hashValidators(validators: readonly Validator[]): Uint8Array {
  const known = setHashes.get(validators)
  if (known) return known
  const hash = merkleRoot(
    validators.map(({ publicKey, power }) =>
      concatBytes(bytesField(1, bytesField(1, publicKey)), integerField(2, power)),
    ),
  )
  setHashes.set(validators, hash)
  return hash
}
