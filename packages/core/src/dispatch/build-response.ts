import { rememberAttempts } from '../attempts-of.ts'
import type { Attempt } from '../verdict.ts'
import type { Answer, ResponseHead } from './run-attempt.ts'

/** Header that names the member whose answer this is. */
const MODEL_HEADER = 'x-multiplexer-model'
/** Header that counts the attempts the answer took. */
const ATTEMPTS_HEADER = 'x-multiplexer-attempts'

/** Headers that described the bytes on the wire and no longer do: the platform's fetch has decoded them. */
const WIRE_HEADERS = ['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']

/** A response with the member's own status, headers and bytes. */
export function buildAnswer(answer: Answer, trail: readonly Attempt[]): Response {
  const headers = passedOnHeaders(answer, trail.at(-1)?.member ?? '', trail.length)
  const body = NULL_BODY_STATUS.includes(answer.status) ? null : answer.bytes
  return remember(new Response(body, { status: passedOnStatus(answer), statusText: answer.statusText, headers }), trail)
}

/** HTTP knows statuses, such as 999, that the platform's `Response` refuses. */
function passedOnStatus({ status }: Answer): number {
  return status >= 200 && status <= 599 ? status : 502
}

/** A response whose stream is still running; the trail grows by the attempt when it ends. */
export function buildStream(
  head: ResponseHead,
  body: ReadableStream<Uint8Array>,
  { trail, member }: { trail: readonly Attempt[]; member: string },
): Response {
  const headers = passedOnHeaders(head, member, trail.length + 1)
  return remember(new Response(body, { status: head.status, statusText: head.statusText, headers }), trail)
}

const NULL_BODY_STATUS = [204, 205, 304]

function passedOnHeaders(head: ResponseHead, member: string, attempts: number): Headers {
  const headers = new Headers(head.headers)
  for (const name of WIRE_HEADERS) headers.delete(name)
  headers.set(MODEL_HEADER, encodeURI(member))
  headers.set(ATTEMPTS_HEADER, String(attempts))
  return headers
}

function remember(response: Response, trail: readonly Attempt[]): Response {
  rememberAttempts(response.headers, trail)
  return response
}
