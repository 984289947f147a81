import type { ParticipantStore } from './types.ts'

/** Makes a store that lasts as long as the process: for tests, and for several registrations in one process.
 * @example const participantStore = createMemoryParticipantStore() */
export function createMemoryParticipantStore(): ParticipantStore {
  let text: string | undefined
  return {
    load: async () => text,
    save: async (next) => {
      text = next
    },
  }
}
