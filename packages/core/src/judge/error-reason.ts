/** Names a transport error without repeating its message, which may hold a URL or a header.
 * @param error - What the transport threw; `cause` chains are followed to a system code such as ECONNREFUSED. */
export function errorReason(error: unknown): string {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const code: unknown = (current as { code?: unknown }).code
    if (typeof code === 'string' && /^[A-Za-z][\w-]{1,48}$/.test(code)) return code
    current = current.cause
  }
  return error instanceof Error && /^\w{1,48}$/.test(error.name) ? error.name : 'no answer'
}
