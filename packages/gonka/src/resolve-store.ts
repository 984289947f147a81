import type { ParticipantStore } from '@gonka/refresh'
import type { UncheckedOptions } from './config-options.ts'
import { invalidField } from './schemas.ts'

/** Checks where participants are stored.
 * @returns Undefined when nothing is stored.
 * @throws {GonkaConfigError} `config-invalid` with field `participantStore`. */
export function resolveParticipantStore({ participantStore }: UncheckedOptions): ParticipantStore | undefined {
  if (participantStore !== undefined) checkStore('participantStore', participantStore)
  return participantStore as ParticipantStore | undefined
}

/** Checks that a store can be read and written.
 * @throws {GonkaConfigError} `config-invalid` with the field. */
export function checkStore(field: 'trustStore' | 'participantStore', store: unknown): void {
  const { load, save } = (store ?? {}) as Readonly<Record<string, unknown>>
  if (typeof load === 'function' && typeof save === 'function') return
  throw invalidField(field, 'an object with load() and save(text)', store)
}
