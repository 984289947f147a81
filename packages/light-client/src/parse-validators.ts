import { refusal } from './errors.ts'
import { entriesOf, isMissing, type Place, propertyOf } from './json-place.ts'
import { MAX_VALIDATORS } from './limits.ts'
import { parseAddressBytes, parseKey } from './parse-bytes.ts'
import { INT64, parseInteger } from './parse-integer.ts'
import type { Validator } from './types.ts'

const ED25519_TYPES: readonly unknown[] = ['tendermint/PubKeyEd25519', '/cosmos.crypto.ed25519.PubKey']

/** Reads a validator set in any of the three dialects.
 * @param json - Parsed JSON of unknown shape: a list of `{ address, pub_key, voting_power }`, at most 10,000.
 * @returns The set, in the order given. Its fields have the right form; that is all that is known about them.
 * @throws {GonkaProofVerificationError} `validators-invalid` naming the field and what was expected;
 * `key-type-unsupported` for keys other than Ed25519, which the chain's rules do not allow.
 * @example const validators = parseValidators(answer.result.validators) */
export function parseValidators(json: unknown): readonly Validator[] {
  return entriesOf({ value: json, field: 'validators', code: 'validators-invalid' }, MAX_VALIDATORS).map(parseValidator)
}

function parseValidator(at: Place): Validator {
  return {
    address: parseAddressBytes(propertyOf(at, 'address')),
    publicKey: parsePublicKey(propertyOf(at, 'pub_key')),
    votingPower: parseInteger(propertyOf(at, 'voting_power'), INT64),
  }
}

/** A bare text, `{ type, value }` of Amino JSON, `{ "@type", key }` of an Any, or `{ ed25519 }` of proto JSON. */
function parsePublicKey(place: Place): Uint8Array {
  if (typeof place.value === 'string') return parseKey(place)
  const plain = propertyOf(place, 'ed25519')
  if (!isMissing(plain)) return parseKey(plain)
  const amino = propertyOf(place, 'type')
  const type = isMissing(amino) ? propertyOf(place, '@type') : amino
  if (!ED25519_TYPES.includes(type.value)) {
    throw refusal('key-type-unsupported', `${place.field} must be an Ed25519 key; no other kind signs on this chain.`)
  }
  return parseKey(propertyOf(place, type === amino ? 'value' : 'key'))
}
