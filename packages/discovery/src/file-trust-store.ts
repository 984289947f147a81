import { GonkaConfigError } from '@gonka/protocol'
import type { TrustStore } from './types.ts'

/** The part of `node:fs/promises` that is used. */
interface FileSystem {
  readFile(path: string, encoding: 'utf8'): Promise<string>
  open(path: string, flags: string, mode: number): Promise<FileHandle>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { force: boolean }): Promise<void>
}

interface FileHandle {
  writeFile(text: string): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** Makes a store in a file, so that trust survives a restart. A file that does not exist yet is an empty store; it is
 * replaced as a whole, so that a crash leaves the old or the new one. Keep it where only you can write.
 * @param path - The file, in a folder that exists. One file for each chain, written by one process at a time.
 * @throws {GonkaConfigError} `config-invalid` with field `trustStore`: no path, or a platform without `node:fs`.
 * @example const trustStore = createFileTrustStore('/var/lib/my-app/gonka-trust.json') */
export function createFileTrustStore(path: string): TrustStore {
  if (typeof path !== 'string' || path === '') throw invalid('needs the path of a file')
  const files = findFileSystem()
  let count = 0
  return {
    load: () => files.readFile(path, 'utf8').catch(ignoreMissing),
    save: (text) => replaceFile(files, { path, draft: `${path}.${Date.now()}-${count++}.tmp`, text }),
  }
}

/** Node, Deno and Bun have it; a static import would keep this package out of browsers. */
function findFileSystem(): FileSystem {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const files = process?.getBuiltinModule?.('node:fs/promises')
  if (files) return files as FileSystem
  throw invalid('cannot be a file on a platform without node:fs; give an object with load() and save(text)')
}

function ignoreMissing(error: unknown): undefined {
  if ((error as { code?: unknown } | null)?.code !== 'ENOENT') throw error
}

async function replaceFile(
  files: FileSystem,
  { path, draft, text }: Record<'path' | 'draft' | 'text', string>,
): Promise<void> {
  try {
    const handle = await files.open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await files.rename(draft, path)
  } catch (error) {
    await files.rm(draft, { force: true })
    throw error
  }
}

function invalid(problem: string): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `trustStore ${problem}.`, { field: 'trustStore' })
}
