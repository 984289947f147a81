import { GonkaConfigError } from '@gonka/protocol'

/** Checks a prefix of member names.
 * @returns The same prefix.
 * @throws {GonkaConfigError} `config-invalid`, field `modelNamePrefix`, unless it is a non-empty string. */
export function checkPrefix(prefix: string): string {
  if (typeof prefix === 'string' && prefix !== '') return prefix
  throw invalid('modelNamePrefix', 'a non-empty string', prefix)
}

/** Checks a limit of requests in flight; undefined is no limit.
 * @param field - Name of the input for the error message.
 * @returns The same limit.
 * @throws {GonkaConfigError} `config-invalid` with `field`, unless it is a whole number >= 1. */
export function checkMaxConcurrent(field: string, limit: number | undefined): number | undefined {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit >= 1)) return limit
  throw invalid(field, 'a whole number >= 1, or left out for no limit', limit)
}

/** Checks a weight that replaces a participant's own.
 * @returns The same weight.
 * @throws {GonkaConfigError} `config-invalid`, field `weightOverride`, unless it is from 0 to 2^53 - 1. */
export function checkWeightOverride(weight: number | undefined): number | undefined {
  if (weight === undefined || (typeof weight === 'number' && weight >= 0 && weight <= Number.MAX_SAFE_INTEGER))
    return weight
  throw invalid('weightOverride', 'a number from 0 to 2^53 - 1', weight)
}

function invalid(field: string, expected: string, got: unknown): GonkaConfigError {
  const seen = typeof got === 'number' ? `${got}` : got === '' ? 'an empty string' : `${typeof got}`
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}; got ${seen}.`, { field })
}
