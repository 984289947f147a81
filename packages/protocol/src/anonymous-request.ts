/** How public data is asked for: as nobody in particular, past every cache, and without following a redirect. What the
 * platform does not know is left out: Cloudflare's Workers throw on `credentials`, older ones on `cache`.
 * @example const answer = await fetch('http://node1.example:8000/v1/status', anonymousRequest()) */
export function anonymousRequest(): Pick<RequestInit, 'redirect' | 'credentials' | 'cache'> {
  return {
    redirect: 'manual',
    ...('credentials' in Request.prototype ? { credentials: 'omit' } : {}),
    ...('cache' in Request.prototype ? { cache: 'no-store' } : {}),
  }
}
