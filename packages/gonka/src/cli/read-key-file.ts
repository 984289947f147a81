import { open } from 'node:fs/promises'
import { UsageError } from './parse-arguments.ts'

/** A key as it stands in a file. */
export interface FileKey {
  /** Trimmed; not checked. */
  readonly privateKey: string
  /** Whether other users of the machine may read the file. */
  readonly isShared: boolean
}

/** A key takes 66 characters; a file of more than this is another one. */
const MAX_BYTES = 1_024

/** Reads a private key from a file.
 * @throws {UsageError} when there is no such file, or it cannot be one; nothing of it is repeated. */
export async function readKeyFile(path: string): Promise<FileKey> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`the file of --key-file could not be read (${error.code ?? 'unknown'}).`)
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > MAX_BYTES) {
      throw new UsageError('the file of --key-file must hold the 64 hex digits of a private key and nothing else.')
    }
    const privateKey = (await file.readFile('utf8')).trim()
    const isShared = process.platform !== 'win32' && (stats.mode & 0o077) !== 0
    return { privateKey, isShared }
  } finally {
    await file.close()
  }
}
