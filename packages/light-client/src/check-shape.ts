import { isBytes } from './bytes.ts'
import { entriesOf, type Place, propertyOf, textOf, unexpected } from './json-place.ts'
import { MAX_VALIDATORS } from './limits.ts'
import { INT64, type IntegerRange, UINT32, UINT64 } from './parse-integer.ts'
import { TIME_NS } from './time.ts'
import type { Commit, Header, Validator } from './types.ts'

const HEADER_BYTES = [
  'lastCommitHash',
  'dataHash',
  'validatorsHash',
  'nextValidatorsHash',
  'consensusHash',
  'appHash',
  'lastResultsHash',
  'evidenceHash',
  'proposerAddress',
] as const

/** Refuses a header whose fields are not of their types, or out of the range of their encoding: those would be hashed like
 * others, so that one hash stood for many headers. Sources and code without types may give anything.
 * @throws {GonkaProofVerificationError} `header-invalid` naming the field. */
export function checkHeaderShape(header: Header): void {
  const at: Place = { value: header, field: 'header', code: 'header-invalid' }
  const version = propertyOf(at, 'version')
  checkBigint(propertyOf(version, 'block'), UINT64)
  checkBigint(propertyOf(version, 'app'), UINT64)
  checkText(propertyOf(at, 'chainId'))
  checkBigint(propertyOf(at, 'height'), INT64)
  checkBigint(propertyOf(at, 'timeNs'), TIME_NS)
  checkBlockId(propertyOf(at, 'lastBlockId'))
  for (const field of HEADER_BYTES) checkBytes(propertyOf(at, field))
}

/** Refuses a commit whose fields are not of their types; height and round are compared with what they must be elsewhere.
 * @throws {GonkaProofVerificationError} `commit-invalid` naming the field. */
export function checkCommitShape(commit: Commit): void {
  const at: Place = { value: commit, field: 'commit', code: 'commit-invalid' }
  checkBlockId(propertyOf(at, 'blockId'))
  for (const entry of entriesOf(propertyOf(at, 'signatures'), MAX_VALIDATORS)) {
    checkBytes(propertyOf(entry, 'validatorAddress'))
    checkBigint(propertyOf(entry, 'timeNs'), TIME_NS)
    checkBytes(propertyOf(entry, 'signature'))
  }
}

/** Refuses a validator set whose fields are not of their types, or that is too long to be one.
 * @throws {GonkaProofVerificationError} `validators-invalid` naming the field. */
export function checkValidatorsShape(validators: readonly Validator[]): void {
  for (const entry of entriesOf(
    { value: validators, field: 'validators', code: 'validators-invalid' },
    MAX_VALIDATORS,
  )) {
    checkBytes(propertyOf(entry, 'address'))
    checkBytes(propertyOf(entry, 'publicKey'))
    checkBigint(propertyOf(entry, 'votingPower'), INT64)
  }
}

/** Refuses what is no `Uint8Array`. */
export function checkBytes(place: Place): void {
  if (!isBytes(place.value)) throw unexpected(place, 'a Uint8Array')
}

/** UTF-8 writes every half of a surrogate pair alike. */
function checkText(place: Place): void {
  const expected = 'a text of whole characters'
  if (/\p{Surrogate}/u.test(textOf(place, expected))) throw unexpected(place, expected)
}

function checkBlockId(place: Place): void {
  checkBytes(propertyOf(place, 'hash'))
  checkBytes(propertyOf(place, 'partsHash'))
  const total = propertyOf(place, 'partsTotal')
  const isCount = Number.isInteger(total.value) && (total.value as number) >= 0 && (total.value as number) <= UINT32.max
  if (!isCount) throw unexpected(total, `an integer from 0 to ${UINT32.max}`)
}

function checkBigint(place: Place, { min, max }: IntegerRange): void {
  const { value } = place
  if (typeof value === 'bigint' && value >= min && value <= max) return
  throw unexpected(place, `a bigint from ${min} to ${max}`)
}
