import { createTextFile } from '@gonka/protocol'
import type { TrustStore } from './types.ts'

/** Makes a store in a file, so that trust survives a restart. A file that does not exist yet is an empty store; it is
 * replaced as a whole, so that a crash leaves the old or the new one. Keep it where only you can write.
 * @param path - The file, in a folder that exists. One file for each chain, written by one process at a time.
 * @throws {GonkaConfigError} `config-invalid` with field `trustStore`: no path, or a platform without `node:fs`.
 * @example const trustStore = createFileTrustStore('/var/lib/my-app/gonka-trust.json') */
export function createFileTrustStore(path: string): TrustStore {
  return createTextFile(path, 'trustStore')
}
