/** Reads what a refusal says: nodes write `{"error":"text"}`, gateways `{"error":{"message":"text"}}`, proxies and old nodes plain
 * text or a page. The content type is not asked, it is often wrong; JSON that is broken or cut off is read as far as it goes.
 * @param bodyText - The body, or its beginning.
 * @returns The text without white space around it: to match on, never to show, for it may quote the request. Empty when the
 * body is JSON that says nothing.
 * @example const text = readErrorText('{"error":"signature is too old"}') // 'signature is too old'
 * @see Protocol reference, sections 5.4 and 5.6 */
export function readErrorText(bodyText: string): string {
  try {
    return textOf(JSON.parse(bodyText)).trim()
  } catch {
    return (BROKEN_JSON.exec(bodyText)?.[1]?.replaceAll('\\"', '"') ?? bodyText).trim()
  }
}

/** The beginning of the two forms, up to the end of the text or of what came. */
const BROKEN_JSON = /^\s*\{\s*"error"\s*:\s*(?:\{\s*"message"\s*:\s*)?"([^"\\]*(?:\\.[^"\\]*)*)/

function textOf(body: unknown): string {
  if (typeof body === 'string') return body
  const error = property(body, 'error') ?? property(body, 'message')
  const text = typeof error === 'string' ? error : property(error, 'message')
  return typeof text === 'string' ? text : ''
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
