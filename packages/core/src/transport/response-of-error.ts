import { createErrorResponse } from '../error-response.ts'
import { isMultiplexerError } from '../errors.ts'

/** Turns an SDK's error for a refusal back into the response it was made from; a multiplexer that is a member throws its own.
 * @param error - What the SDK threw.
 * @returns The response, when the error carries a `status` or is one of this library.
 * @throws the error itself when it does not: a connection failure, an abort, a bug. */
export function responseOfError(error: unknown): Response {
  if (isMultiplexerError(error)) return createErrorResponse(error)
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number')) throw error
  const headers = new Headers('headers' in error && error.headers instanceof Headers ? error.headers : undefined)
  // They described bytes that the SDK has already read and decoded.
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  headers.set('content-type', 'application/json')
  const reason = 'error' in error && error.error !== undefined ? error.error : { message: error.message }
  const body = error.status === 304 ? null : JSON.stringify({ error: reason })
  return new Response(body, { status: error.status, headers })
}
