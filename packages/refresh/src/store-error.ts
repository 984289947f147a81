import { describeErrorCode, GonkaConfigError } from '@gonka/protocol'

/** Says in our own words why a store could not be used; the end of the sentence "… could not be read: …". */
export class StoreError extends Error {}

/** Describes a store's failure: our own words, or the platform's code. Messages of others may hold anything. */
export function describeStoreFailure(error: unknown): string {
  if (error instanceof StoreError || error instanceof GonkaConfigError) return `: ${error.message.replace(/\.$/, '')}`
  return describeErrorCode(error)
}
