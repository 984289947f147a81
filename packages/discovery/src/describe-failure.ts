import { describeErrorCode } from '@gonka/protocol'

/** The platform's own code, such as ECONNREFUSED, or what it may mean that there is none. */
export function describeTransportError(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  const isBare = error instanceof TypeError && code === undefined && cause === undefined
  return isBare ? IN_A_BROWSER : describeErrorCode(error)
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
