import { isMissing, type Place, unexpected } from './json-place.ts'

/** The limits of an integer field. */
export interface IntegerRange {
  readonly min: bigint
  readonly max: bigint
}

/** The int64 numbers from 0. */
export const INT64: IntegerRange = { min: 0n, max: 2n ** 63n - 1n }
/** The int32 numbers from 0. */
export const INT32: IntegerRange = { min: 0n, max: 2n ** 31n - 1n }
/** The uint32 numbers. */
export const UINT32: IntegerRange = { min: 0n, max: 2n ** 32n - 1n }
/** The uint64 numbers. */
export const UINT64: IntegerRange = { min: 0n, max: 2n ** 64n - 1n }

/** Reads an integer: decimal text, or a number that JSON did not round. Left out means 0, as in every dialect. */
export function parseInteger(place: Place, { min, max }: IntegerRange): bigint {
  const parsed = isMissing(place) ? 0n : readInteger(place.value)
  if (parsed === undefined || parsed < min || parsed > max) {
    throw unexpected(place, `an integer from ${min} to ${max}, as decimal text or as a number below 2^53`)
  }
  return parsed
}

function readInteger(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  // The length is bounded: a long text of digits would cost quadratic time.
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined
}
