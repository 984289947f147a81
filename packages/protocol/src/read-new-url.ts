import { redactUrl } from './parse-url.ts'

/** Longer ones are not shown: a URL that somebody should copy into a configuration is short. */
const MAX_LENGTH = 200

/** No encoded bytes, which may hold anything that was in the request, and nothing that base64 needs at its end. */
const PLAIN_URL = /^https?:\/\/[\w.:[\]-]+[\w.~/-]*$/

/** Reads the URL that a gateway names when it was switched off: 308 with `new_url` in the body and no Location header. To show
 * to people, never to follow: the answer of a stranger must not decide where signatures and keys go.
 * @param bodyText - The body of the 308.
 * @returns Scheme, host and path, without credentials, query and fragment; undefined when the body names no http(s) URL, or
 * one that is long or has escapes in it.
 * @example const newUrl = readNewUrl('{"status":308,"new_url":"https://new.example/v1"}') // 'https://new.example/v1'
 * @see Protocol reference, section 5.6 */
export function readNewUrl(bodyText: string): string | undefined {
  try {
    const newUrl: unknown = JSON.parse(bodyText)?.new_url
    const shown = typeof newUrl === 'string' ? redactUrl(newUrl) : ''
    return shown.length <= MAX_LENGTH && PLAIN_URL.test(shown) ? shown : undefined
  } catch {
    return undefined
  }
}
