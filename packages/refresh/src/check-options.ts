import { GonkaConfigError } from '@gonka/protocol'

/** Checks the time between refreshes.
 * @param intervalMs - Milliseconds.
 * @returns The same number.
 * @throws {GonkaConfigError} `config-invalid`, field `intervalMs`, unless it is finite and > 0. */
export function checkIntervalMs(intervalMs: number): number {
  if (typeof intervalMs === 'number' && Number.isFinite(intervalMs) && intervalMs > 0) return intervalMs
  throw invalid('intervalMs', 'a finite number of milliseconds > 0', intervalMs)
}

/** Checks the share by which waits vary.
 * @param jitter - Share of the interval.
 * @returns The same number.
 * @throws {GonkaConfigError} `config-invalid`, field `jitter`, unless it is from 0 to below 1. */
export function checkJitter(jitter: number): number {
  if (typeof jitter === 'number' && jitter >= 0 && jitter < 1) return jitter
  throw invalid('jitter', 'a number from 0 to below 1', jitter)
}

function invalid(field: string, expected: string, got: unknown): GonkaConfigError {
  const seen = typeof got === 'number' ? `${got}` : `a ${typeof got}`
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}; got ${seen}.`, { field })
}
