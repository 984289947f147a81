import { GonkaConfigError } from '@gonka/protocol'
import { StoreError } from './store-error.ts'
import { MAX_STORED_BYTES } from './stored-set.ts'
import type { ParticipantStore } from './types.ts'

/** The part of `node:fs/promises` that is used. */
interface FileSystem {
  stat(path: string): Promise<{ isFile(): boolean; readonly size: number }>
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

/** Makes a store in a file, so that a restart finds participants while every source is down. A file that does not exist yet is
 * an empty store; it is replaced as a whole, readable by its owner only, so that a crash leaves the old or the new one.
 * @param path - The file, in a folder that exists and where only you can write. One file for each network.
 * @throws {GonkaConfigError} `config-invalid` with field `participantStore`: no path, or a platform without `node:fs`.
 * @example const participantStore = createFileParticipantStore('/var/lib/my-app/gonka-participants.json') */
export function createFileParticipantStore(path: string): ParticipantStore {
  if (typeof path !== 'string' || path === '') throw invalid('needs the path of a file')
  const files = findFileSystem()
  let count = 0
  return {
    location: path,
    load: () => readText(files, path).catch(ignoreMissing),
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

/** Looks before it reads: a pipe would be waited for, and a huge file would fill the memory. */
async function readText(files: FileSystem, path: string): Promise<string> {
  const found = await files.stat(path)
  if (!found.isFile()) throw new StoreError('it is not a regular file')
  if (found.size > MAX_STORED_BYTES) throw new StoreError(`it has ${found.size} bytes, more than ${MAX_STORED_BYTES}`)
  return files.readFile(path, 'utf8')
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
  return new GonkaConfigError('config-invalid', `participantStore ${problem}.`, { field: 'participantStore' })
}
