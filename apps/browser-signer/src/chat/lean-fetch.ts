/** What an SDK says of itself. A browser asks a server in advance whether it takes each of these, and servers that allow pages
 * to send `authorization` and `content-type` may refuse the rest, and with it the request. */
const ABOUT_THE_SDK = /^(x-stainless-|user-agent$)/

/** The platform's `fetch` without headers about the SDK. */
export function leanFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  for (const name of [...headers.keys()]) if (ABOUT_THE_SDK.test(name)) headers.delete(name)
  return fetch(input, { ...init, headers })
}
