import { isResignable } from '@gonka/protocol'

/** Longer than any refusal that a fresh signature cures; the rest of a longer body stays unread. */
const MAX_REFUSAL_BYTES = 16_384

/** Tells whether an answer refuses a signature that a fresh timestamp may cure. The answer stays readable.
 * @param response - Any answer; only a 400 is looked into, through a copy, up to 16 KiB. */
export async function refusesTimestamp(response: Response): Promise<boolean> {
  if (response.status !== 400 || !response.body) return false
  const bodyText = await readStart(response.clone())
  return isResignable({ status: response.status, bodyText })
}

/** Reads up to the limit. A body that breaks off gives what came: the caller meets the failure on the original. */
async function readStart(copy: Response): Promise<string> {
  const reader = (copy.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let sizeBytes = 0; sizeBytes < MAX_REFUSAL_BYTES; ) {
      const { done, value } = await reader.read()
      if (done) break
      sizeBytes += value.length
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    return text
  }
  // Not awaited: cancelling one of two copies settles only once the other one is cancelled or read, too.
  reader.cancel().catch(() => {})
  return text
}
