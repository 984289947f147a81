import type { HttpUpstream, Transport } from '../types.ts'

/** Sends requests to a described upstream with the platform's `fetch`. Redirects are not followed: a credential must not
 * travel to a host that nobody configured.
 * @throws TypeError when `baseURL` is not an http(s) URL without credentials, query and fragment. The message does not
 * repeat the URL. */
export function createHttpTransport({ baseURL, apiKey, headers: ownHeaders, fetch }: HttpUpstream): Transport {
  const base = parseBaseUrl(baseURL)
  const send = fetch ?? ((input, init) => globalThis.fetch(input, init))
  const added = Object.entries({
    ...ownHeaders,
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  })
  return ({ path, method, headers, body, signal }) => {
    for (const [name, value] of added) headers.set(name, value)
    return send(base + path, { method, headers, signal, redirect: 'manual', ...(body ? { body } : {}) })
  }
}

function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('baseURL must be an http or https URL without credentials, query and fragment.')
  }
  return url.href.replace(/\/+$/, '')
}
