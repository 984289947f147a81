/** The platform's own code, such as ECONNREFUSED; messages are left out, they may repeat the URL. */
export function describeTransportError(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } | null }
  const found = typeof code === 'string' ? code : cause?.code
  if (typeof found === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(found)) return ` (${found})`
  return error instanceof TypeError && code === undefined && cause === undefined ? IN_A_BROWSER : ''
}

/** Browsers tell a script that a request failed, and not why: a TypeError with neither a code nor a cause. */
const IN_A_BROWSER =
  '; in a browser that is also what happens when the source does not allow the page (CORS), or when an https page asks a ' +
  'plain http source: use a sourceUrl that answers with Access-Control-Allow-Origin, such as a proxy on a server of your own'

/** Nodes explain themselves as `{"error": text}`; the proxy in front of them answers HTML, also when its rate limit is hit. */
export function describeRefusal(text: string): string {
  if (isHtml(text)) return ' with HTML: the proxy of the node refused, perhaps its rate limit'
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? `: ${JSON.stringify(error.slice(0, 200))}` : ''
  } catch {
    return ''
  }
}

/** Whether a text is a page rather than data. */
export function isHtml(text: string): boolean {
  return text.trimStart().startsWith('<')
}
