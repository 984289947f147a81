import type { AttemptScope } from './call-scope.ts'
import { readBytes } from './read-bytes.ts'

/** Reads an answer's body. A length that is announced is one that the platform's `fetch` holds the upstream to, unless it is
 * that of compressed bytes. */
export async function readAnswerBytes(response: Response, scope: AttemptScope): Promise<Uint8Array<ArrayBuffer>> {
  const { headers } = response
  const announced = headers.has('content-encoding') ? null : headers.get('content-length')
  if (!response.body || (announced !== null && Number(announced) <= MAX_ANSWER_BYTES)) {
    return new Uint8Array(await scope.race(response.arrayBuffer()))
  }
  const checkSize = (sizeBytes: number): void => {
    if (sizeBytes > MAX_ANSWER_BYTES) throw new AnswerTooLong()
  }
  return await scope.race(readBytes(response.body, { signal: scope.signal, checkSize }))
}

/** Its code is the reason that people read. */
class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong'
  readonly code = 'answer-too-long'
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024
