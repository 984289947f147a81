import type { TrustedState, TrustStore } from './types.ts'

/** Makes a store that lasts as long as the process.
 * @param state - What it holds at first. @default nothing
 * @example const store = createMemoryTrustStore() */
export function createMemoryTrustStore(state?: TrustedState): TrustStore {
  let saved = state
  return {
    load: async () => saved,
    save: async (next) => {
      saved = next
    },
  }
}
