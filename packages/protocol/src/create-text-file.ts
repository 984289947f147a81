import { GonkaConfigError } from './errors.ts'

/** One text, kept somewhere. */
export interface TextFile {
  /** Where it is, for messages. */
  readonly location: string
  /** The text, or undefined when none was ever kept.
   * @throws What the platform throws, or `GonkaConfigError` when it is no text file of that size. */
  load(): Promise<string | undefined>
  /** Replaces the text as a whole. */
  save(text: string): Promise<void>
}

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

/** A stored set of 500 participants takes some 150 kB; what is a hundred times that is another file. */
const MAX_BYTES = 2 ** 24

/** Makes a store of one text in a file. A file that does not exist yet is an empty store; it is replaced as a whole, readable
 * by its owner only, so that a crash leaves the old or the new text.
 * @param path - The file, in a folder that exists. At most 16 MiB are read.
 * @param field - The option that named it, for errors.
 * @throws {GonkaConfigError} `config-invalid` with that field: no path, or a platform without `node:fs`.
 * @example const file = createTextFile('/var/lib/my-app/gonka-trust.json', 'trustStore') */
export function createTextFile(path: string, field: string): TextFile {
  if (typeof path !== 'string' || path === '') throw invalid(field, 'needs the path of a file')
  const files = findFileSystem(field)
  return {
    location: path,
    load: () => readText(files, path, field).catch(ignoreMissing),
    save: (text) => replaceFile(files, { path, draft: `${path}.${crypto.randomUUID()}.tmp`, text }),
  }
}

/** Node, Deno and Bun have it; a static import would keep this package out of browsers. */
function findFileSystem(field: string): FileSystem {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const files = process?.getBuiltinModule?.('node:fs/promises')
  if (files) return files as FileSystem
  throw invalid(field, 'cannot be a file on a platform without node:fs; give an object with load() and save(text)')
}

/** Looks before it reads: a pipe would be waited for, and a huge file would fill the memory. */
async function readText(files: FileSystem, path: string, field: string): Promise<string> {
  const found = await files.stat(path)
  if (!found.isFile()) throw invalid(field, 'is not a regular file')
  if (found.size > MAX_BYTES) throw invalid(field, `has ${found.size} bytes, more than ${MAX_BYTES}`)
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

function invalid(field: string, problem: string): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `${field} ${problem}.`, { field })
}
