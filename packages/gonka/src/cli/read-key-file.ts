import { type FileHandle, open } from 'node:fs/promises'
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

/** Reads a private key from a file, or a pipe such as `/dev/stdin`.
 * @throws {UsageError} when there is no such file, or it cannot be one; nothing of it is repeated. */
export async function readKeyFile(path: string): Promise<FileKey> {
  const file = await open(path).catch(refuse)
  try {
    const stats = await file.stat()
    const privateKey = (await readStart(file).catch(refuse)).trim()
    const isShared = process.platform !== 'win32' && stats.isFile() && (stats.mode & 0o077) !== 0
    return { privateKey, isShared }
  } finally {
    await file.close()
  }
}

/** Reads piece by piece: a pipe gives what was written so far, and a device may have no end. */
async function readStart(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1)
  let sizeBytes = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, sizeBytes, buffer.length - sizeBytes, null)
    if (bytesRead === 0) return buffer.toString('utf8', 0, sizeBytes)
    sizeBytes += bytesRead
    if (sizeBytes > MAX_BYTES) {
      throw new UsageError('the file of --key-file must hold the 64 hex digits of a private key and nothing else.')
    }
  }
}

function refuse(error: NodeJS.ErrnoException): never {
  if (error instanceof UsageError) throw error
  throw new UsageError(`the file of --key-file could not be read (${error.code ?? 'unknown'}).`)
}
