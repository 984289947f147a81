import { GonkaClientError } from '@gonka/protocol'

/** Lets every answer pass but a redirect: a signature is for one host, and following would send it to another. A `fetch` of
 * the caller's may have followed it all the same; what came then is no answer of the node.
 * @param response - An answer to a request sent with `redirect: 'manual'`.
 * @param url - Where the request went.
 * @throws {GonkaClientError} `request-redirected`; the message names the origins, never a path or query. */
export function refuseRedirect(response: Response, url: string): Response {
  if (!isRedirect(response)) return response
  response.body?.cancel().catch(() => {})
  const target = originOf(response.redirected ? response.url : response.headers.get('location'), url)
  throw new GonkaClientError(
    'request-redirected',
    `${new URL(url).origin} redirects to ${target}; redirects are not followed, use the right URL from the start.`,
    { field: 'url' },
  )
}

function isRedirect(response: Response): boolean {
  if (response.redirected || response.type === 'opaqueredirect') return true
  return response.status >= 300 && response.status < 400 && response.headers.has('location')
}

function originOf(location: string | null, base: string): string {
  if (location === null || !URL.canParse(location, base)) return 'an unknown place'
  const { origin, protocol } = new URL(location, base)
  return origin === 'null' ? `a ${protocol} URL` : origin
}
