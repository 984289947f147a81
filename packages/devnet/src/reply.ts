/** What a node answers to one request. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole body, or the events of a stream, each with its blank line. */
  readonly body: string | readonly string[]
  /** `cut`: the connection breaks after the body. `early`: the body ends cleanly, and is not all. @default complete */
  readonly ending?: 'cut' | 'early' | undefined
  /** Called once when the answer is out (`true`) or the client is gone (`false`). */
  readonly finished?: ((complete: boolean) => void) | undefined
}

/** A JSON answer. */
export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

/** A refusal as nodes write it: the error is a string.
 * @see Protocol reference, section 5.4 */
export function nodeError(status: number, error: string): Reply {
  return jsonReply(status, { error })
}

/** A refusal as gateways write it: an object, and plain text by its content type.
 * @see Protocol reference, section 5.6 */
export function gatewayError(status: number, message: string): Reply {
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  return { status, headers, body: JSON.stringify({ error: { message } }) }
}
