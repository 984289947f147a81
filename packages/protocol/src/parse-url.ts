import { GonkaConfigError } from './errors.ts'

/** Checks an http(s) URL that is used as a base for paths.
 * @param text - The URL; a path is kept, a trailing slash is dropped.
 * @param field - Name of the input for the error message. @default 'url'
 * @returns The normalised URL without a trailing slash.
 * @throws {GonkaConfigError} `url-invalid` when it is missing, does not parse, is not http(s), has a host that no host name can be, or carries
 * credentials, a query or a fragment. The message never repeats the URL, which may hold credentials.
 * @example const url = parseHttpUrl('http://node1.example:8000/') // 'http://node1.example:8000' */
export function parseHttpUrl(text: string, field = 'url'): string {
  const fail = (problem: string): never => {
    throw new GonkaConfigError('url-invalid', `${field} must be an http or https URL: ${problem}.`, { field })
  }
  if (text === undefined || text === null || text === '') fail('it is missing')
  if (typeof text !== 'string') fail(`it is of type ${typeof text}`)
  const url = URL.canParse(text) ? new URL(text) : fail('it does not parse')
  if (!isHttp(url)) fail('it does not begin with http:// or https://')
  if (!HOST.test(url.hostname)) fail('its host holds a character that no host name has, as ; and , are')
  if (url.username !== '' || url.password !== '') fail('it carries credentials')
  if (/[?#]/.test(url.href)) fail('it carries a query or a fragment')
  return url.href.replace(/\/+$/, '')
}

/** The URL parser lets more pass than a name can hold: `http://a;http://b` would be one host, and two URLs were meant. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/

/** Removes what may be secret from a URL, for messages: credentials, query and fragment.
 * @param text - Any text; one that is not an http(s) URL gives `(invalid URL)`.
 * @example const shown = redactUrl('https://user:pass@node1.example/v1?key=1') // 'https://node1.example/v1' */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return '(invalid URL)'
  const url = new URL(text)
  return isHttp(url) ? `${url.origin}${url.pathname === '/' ? '' : url.pathname}` : '(invalid URL)'
}

function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:'
}
