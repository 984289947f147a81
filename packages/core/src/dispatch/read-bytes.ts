/** Reads a stream to its end, no further than a limit, and lets go of it whatever happens.
 * @param stream - The stream.
 * @param options.signal - Ends the reading with its reason.
 * @param options.checkSize - Called with the number of bytes so far; throws to refuse more.
 * @throws the signal's reason, what `checkSize` throws, or what the stream itself throws. */
export async function readBytes(
  stream: ReadableStream<Uint8Array>,
  { signal, checkSize }: { signal: AbortSignal | undefined; checkSize: (sizeBytes: number) => void },
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  const onAbort = (): void => void reader.cancel(signal?.reason).catch(ignore)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  try {
    const chunks: Uint8Array[] = []
    let sizeBytes = 0
    for (let next = await reader.read(); next.value; next = await reader.read()) {
      chunks.push(next.value)
      sizeBytes += next.value.length
      checkSize(sizeBytes)
    }
    signal?.throwIfAborted()
    return joinBytes(chunks)
  } catch (error) {
    reader.cancel(error).catch(ignore)
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Copies chunks into one array. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

function ignore(): void {}
