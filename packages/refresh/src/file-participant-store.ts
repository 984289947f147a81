import { createTextFile } from '@gonka/protocol'
import type { ParticipantStore } from './types.ts'

/** Makes a store in a file, so that a restart finds participants while every source is down. A file that does not exist yet is
 * an empty store; it is replaced as a whole, readable by its owner only, so that a crash leaves the old or the new one.
 * @param path - The file, in a folder that exists and where only you can write. One file for each network.
 * @throws {GonkaConfigError} `config-invalid` with field `participantStore`: no path, or a platform without `node:fs`.
 * @example const participantStore = createFileParticipantStore('/var/lib/my-app/gonka-participants.json') */
export function createFileParticipantStore(path: string): ParticipantStore {
  return createTextFile(path, 'participantStore')
}
