import { GonkaConfigError } from '@gonka/protocol'

/** Says in our own words why a store could not be used; the end of the sentence "… could not be read: …". */
export class StoreError extends Error {}

/** Describes a store's failure: our own words, or the platform's code. Messages of others may hold anything. */
export function describeStoreFailure(error: unknown): string {
  if (error instanceof StoreError || error instanceof GonkaConfigError) return `: ${error.message.replace(/\.$/, '')}`
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : ''
}
