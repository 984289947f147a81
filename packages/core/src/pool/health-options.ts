import type { BreakerOptions } from './breaker.ts'

/** How long members are left alone after they failed. */
export interface HealthSettings {
  /** Failures in a row that take a member out of selection. @default 3 */
  readonly failureThreshold?: number | undefined
  /** First pause of a failing member, in milliseconds; doubles each time. @default 2_000 */
  readonly cooldownMs?: number | undefined
  /** Longest pause that doubling reaches, in milliseconds. @default 300_000 */
  readonly maxCooldownMs?: number | undefined
  /** Share of a pause that chance may add, 0 to 1. @default 0.2 */
  readonly jitter?: number | undefined
  /** Pause after 401 and 403, in milliseconds. @default 600_000 */
  readonly unauthorizedCooldownMs?: number | undefined
  /** How long a model stays forgotten on a member that answered 404 for it, in milliseconds. @default 600_000 */
  readonly modelMissingMs?: number | undefined
  /** How long a group stays out after a `suspended` verdict that names no time, in milliseconds. @default 600_000 */
  readonly suspendedMs?: number | undefined
}

/** Health settings with every default filled in. */
export type HealthOptions = { readonly [K in keyof HealthSettings]-?: number } & BreakerOptions

/** Fills in the defaults.
 * @throws RangeError naming the setting when one is negative or not a number, or a jitter above 1. */
export function parseHealthOptions(settings: HealthSettings, random: () => number): HealthOptions {
  const options: HealthOptions = {
    failureThreshold: settings.failureThreshold ?? 3,
    cooldownMs: settings.cooldownMs ?? 2_000,
    maxCooldownMs: settings.maxCooldownMs ?? 300_000,
    jitter: settings.jitter ?? 0.2,
    unauthorizedCooldownMs: settings.unauthorizedCooldownMs ?? 600_000,
    modelMissingMs: settings.modelMissingMs ?? 600_000,
    suspendedMs: settings.suspendedMs ?? 600_000,
    random,
  }
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'random' && !(Number(value) >= 0))
      throw new RangeError(`health.${name} must be a number >= 0; got ${value}.`)
  }
  if (options.jitter > 1) throw new RangeError(`health.jitter must be a number from 0 to 1; got ${options.jitter}.`)
  return options
}
