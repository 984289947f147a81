import type { HttpUpstream, Transport } from '../types.ts'

/** Sends requests to a described upstream with the platform's `fetch`. Redirects are not followed: a credential must not
 * travel to a host that nobody configured.
 * @throws TypeError when `baseURL` is not an http(s) URL without credentials, query and fragment, or when `apiKey` or a
 * header holds what HTTP does not allow. The message repeats neither. */
export function createHttpTransport({ baseURL, apiKey, headers: ownHeaders, fetch }: HttpUpstream): Transport {
  const base = parseBaseUrl(baseURL)
  const send = fetch ?? ((input, init) => globalThis.fetch(input, init))
  const added = Object.entries(ownHeaders ?? {})
  for (const header of added) checkHeader(header, `headers[${JSON.stringify(header[0])}]`)
  if (apiKey !== undefined) {
    const authorization: [string, string] = ['authorization', `Bearer ${apiKey}`]
    checkHeader(authorization, 'apiKey')
    added.push(authorization)
  }
  return ({ path, method, headers, body, signal }) => {
    for (const [name, value] of added) headers.set(name, value)
    return send(base + path, { method, headers, signal, redirect: 'manual', ...(body ? { body } : {}) })
  }
}

/** Checked when the member is made: the platform's own error, at the first request, would repeat the value. */
function checkHeader(header: [string, string], option: string): void {
  try {
    new Headers([header])
  } catch {
    throw new TypeError(`${option} has a name or a value that an HTTP header cannot hold, such as a line break.`)
  }
}

function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('baseURL must be an http or https URL without credentials, query and fragment.')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}
