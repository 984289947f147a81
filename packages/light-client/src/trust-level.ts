import { refusal } from './errors.ts'
import type { TrustLevel } from './types.ts'

/** With less than 1/3 of a set faulty, one honest member of it signed. */
export const DEFAULT_TRUST_LEVEL: TrustLevel = { numerator: 1n, denominator: 3n }

/** Refuses a level outside 1/3 to 1: below, faulty validators alone could reach it.
 * @throws {GonkaProofVerificationError} `trust-level-invalid`. */
export function checkTrustLevel({ numerator, denominator }: TrustLevel): void {
  // Numbers from code without types cannot be compared exactly.
  const isExact = typeof numerator === 'bigint' && typeof denominator === 'bigint'
  if (isExact && denominator > 0n && numerator * 3n >= denominator && numerator <= denominator) return
  throw refusal('trust-level-invalid', `trustLevel must be from 1/3 to 1, as bigint; got ${numerator}/${denominator}.`)
}
