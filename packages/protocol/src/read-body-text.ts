/** Reads an answer's body as UTF-8, never more than `maxBytes` of it. The length header is not trusted; bytes are counted
 * after decompression, so a compressed bomb stops here too.
 * @param response - The answer; its body is read to the end or cancelled.
 * @param maxBytes - Longest body that is read.
 * @returns The text, or undefined when the body is longer; the rest of it is cancelled, not downloaded.
 * @throws What the body's stream throws.
 * @example const text = await readBodyText(new Response('{}'), 1_024) */
export async function readBodyText(response: Response, maxBytes: number): Promise<string | undefined> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let sizeBytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    sizeBytes += value.byteLength
    if (sizeBytes > maxBytes) {
      discard(reader)
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}

function discard(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  reader.cancel().catch(() => {
    // The stream already failed: nothing is left to cancel.
  })
}
