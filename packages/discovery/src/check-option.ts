import { GonkaConfigError } from '@gonka/protocol'

/** Timers of every platform hold at most this many milliseconds. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1

/** Checks a whole number.
 * @throws {GonkaConfigError} `config-invalid` with `field`. */
export function checkInteger(field: string, value: number, { min, max }: { min: number; max: number }): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw invalid(field, `a whole number from ${min} to ${max}`)
}

/** Builds the error of an option that is not what it must be; what came is not repeated.
 * @param expected - End of the sentence "<field> must be …". */
export function invalid(field: string, expected: string): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}.`, { field })
}
