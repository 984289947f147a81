import type { TrustStore } from './types.ts'

/** Makes a store that lasts as long as the process. What is pinned at first use is pinned anew after a restart.
 * @example new EndpointDiscovery({ sourceUrl, chainId, trust: 'first-use', trustStore: createMemoryTrustStore() }) */
export function createMemoryTrustStore(): TrustStore {
  let text: string | undefined
  return {
    load: async () => text,
    save: async (next) => {
      text = next
    },
  }
}
