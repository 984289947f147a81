import { equalBytes, fromHex, toHex } from './bytes.ts'
import { checkHeader } from './check-header.ts'
import { checkBytes } from './check-shape.ts'
import { checkValidators } from './check-validators.ts'
import { refusal } from './errors.ts'
import { formatHeader, formatValidator } from './format-rpc.ts'
import { hashHeader } from './hash-header.ts'
import { type Place, propertyOf } from './json-place.ts'
import { parseHeader } from './parse-header.ts'
import { parseValidators } from './parse-validators.ts'
import type { TrustedState } from './types.ts'

const FORMAT = 1

/** Writes a trusted state as JSON text, for stores that keep it outside the process.
 * @example await writeFile(path, formatTrustedState(state)) */
export function formatTrustedState({ header, nextValidators, anchorHash }: TrustedState): string {
  return JSON.stringify({
    format: FORMAT,
    header: formatHeader(header),
    next_validators: nextValidators?.map(formatValidator) ?? null,
    anchor_hash: toHex(anchorHash),
  })
}

/** Reads a trusted state that {@link formatTrustedState} wrote.
 * @param text - The text. Where it comes from must be trusted: whoever writes it chooses what is believed.
 * @throws {GonkaProofVerificationError} `trust-state-invalid` when it is damaged, or of another format.
 * @example const state = parseTrustedState(await readFile(path, 'utf8')) */
export function parseTrustedState(text: string): TrustedState {
  try {
    const { format, header: json, next_validators: next, anchor_hash: anchor } = JSON.parse(text)
    const header = parseHeader(json)
    const nextValidators = next === null ? undefined : parseValidators(next)
    const state = { header, hash: hashHeader(header), nextValidators, anchorHash: fromHex(anchor) ?? new Uint8Array(0) }
    if (format !== FORMAT) throw refusal('trust-state-invalid', `The format must be ${FORMAT}.`)
    checkTrustedState(state)
    return state
  } catch (cause) {
    throw refusal('trust-state-invalid', 'The stored trusted state is damaged or of another format. Remove it.', {
      cause,
    })
  }
}

/** Checks that a state agrees with itself: a damaged one must not pass for a proof.
 * @throws {GonkaProofVerificationError} `trust-state-invalid`. */
export function checkTrustedState(state: TrustedState): void {
  const at: Place = { value: state, field: 'The stored state', code: 'trust-state-invalid' }
  checkBytes(propertyOf(at, 'hash'))
  checkBytes(propertyOf(at, 'anchorHash'))
  const { header, hash, nextValidators, anchorHash } = state
  const computedHash = hashHeader(header)
  checkHeader(header, header.chainId)
  if (nextValidators) checkValidators(nextValidators, header.nextValidatorsHash)
  if (anchorHash.length !== 32) throw refusal('trust-state-invalid', 'anchorHash must have 32 bytes.')
  if (equalBytes(hash, computedHash)) return
  throw refusal('trust-state-invalid', `The hash of the state is not that of its header ${header.height}.`, {
    expectedHash: hash,
    computedHash,
  })
}
