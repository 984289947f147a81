import { GonkaClientError, parseAddress, parseHttpUrl, untilAborted } from '@gonka/protocol'
import { sharedSystemClock } from './create-system-clock.ts'
import { type FrozenRequest, freezeRequest } from './freeze-request.ts'
import { refusesTimestamp } from './read-refusal.ts'
import { refuseRedirect } from './refuse-redirect.ts'
import { signRequest } from './sign-request.ts'
import { checkScheme } from './signature-input.ts'
import type { Clock, FetchLike, SignatureScheme, Signer } from './types.ts'

/** Options of `createSigningFetch`. */
export interface SigningFetchOptions {
  /** Who signs and pays. */
  readonly signer: Signer
  /** Address of the participant that requests go to. */
  readonly transferAddress: string
  /** @default 'v2' */
  readonly scheme?: SignatureScheme | undefined
  /** URL of the participant, of which only scheme, host and port count. Requests to any other origin are refused before
   * anything is signed. @default any origin */
  readonly origin?: string | undefined
  /** Sends the signed request. @default the platform's `fetch` */
  readonly fetch?: FetchLike | undefined
  /** Source of timestamps. @default the system clock that all signing fetches of the process share */
  readonly clock?: Clock | undefined
}

interface Settings {
  readonly signer: Signer
  readonly transferAddress: string
  readonly scheme: SignatureScheme
  readonly origin: string | undefined
  readonly fetch: FetchLike
  readonly clock: Clock
}

/** Makes a `fetch` that signs what it sends, for one participant. Every attempt gets a timestamp of its own; a body is read
 * once and sent as exactly the bytes that were signed; GET and HEAD go out unsigned; redirects are refused; a refused
 * timestamp is signed afresh and sent once more. Answers come back untouched, whatever their status.
 * @param options - Signer, participant and ports.
 * @returns A function to use in place of `fetch`. It rejects with `GonkaClientError` `request-redirected`, `host-refused`,
 * `url-invalid`, `request-unsupported` or `client-invalid`, with the reason of an aborted signal, or as the inner fetch does.
 * @throws {GonkaConfigError} `address-invalid`, `url-invalid` or `config-invalid` when an option is wrong.
 * @example const signedFetch = createSigningFetch({
 *   signer: createSigner('00'.repeat(31) + '01'),
 *   transferAddress: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
 *   origin: 'http://node1.example:8000',
 * })
 * const answer = await signedFetch('http://node1.example:8000/v1/chat/completions', { method: 'POST', body: '{}' })
 * @see Protocol reference, sections 1.3 to 1.5 */
export function createSigningFetch(options: SigningFetchOptions): FetchLike {
  const settings = checkOptions(options)
  return async (input, init) => {
    const request = await freezeRequest(input, init)
    checkOrigin(request.url, settings.origin)
    const response = await sendOnce(request, settings)
    const { body, signal } = request
    if (!body || !(await untilAborted(refusesTimestamp(response), signal))) return response
    response.body?.cancel().catch(() => {})
    await resync(settings.clock, signal)
    return await sendOnce(request, settings)
  }
}

function checkOptions(options: SigningFetchOptions): Settings {
  const { signer, scheme = 'v2', origin, clock = sharedSystemClock() } = options
  const { fetch = (input, init) => globalThis.fetch(input, init) } = options
  if (typeof signer?.sign !== 'function') {
    throw new GonkaClientError('client-invalid', 'signer must have an address and a sign function.', {
      field: 'signer',
    })
  }
  parseAddress(signer.address, 'signer.address')
  checkScheme(scheme)
  const transferAddress = parseAddress(options.transferAddress, 'transferAddress')
  const checkedOrigin = origin === undefined ? undefined : new URL(parseHttpUrl(origin, 'origin')).origin
  return { signer, scheme, clock, fetch, transferAddress, origin: checkedOrigin }
}

function checkOrigin(url: string, origin: string | undefined): void {
  const target = new URL(url).origin
  if (origin === undefined || target === origin) return
  throw new GonkaClientError('host-refused', `This fetch signs for ${origin} only; the request goes to ${target}.`, {
    field: 'url',
  })
}

async function sendOnce(request: FrozenRequest, settings: Settings): Promise<Response> {
  const { url, method, body, signal, init } = request
  const headers = new Headers(request.headers)
  if (body) {
    const signed = await untilAborted(signBody(body, settings), signal)
    for (const [name, value] of Object.entries(signed)) headers.set(name, value)
  }
  const sent = { ...init, method, headers, body: body ?? null, signal: signal ?? null, redirect: 'manual' } as const
  const response = await untilAborted(settings.fetch(url, sent), signal)
  return refuseRedirect(response, url)
}

async function signBody(body: Uint8Array, settings: Settings): Promise<Record<string, string>> {
  const { signer, clock, transferAddress, scheme } = settings
  return await signRequest({ signer, body, timestampNs: clock.nowNs(), transferAddress, scheme })
}

async function resync(clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  try {
    await untilAborted(clock.resync(signal), signal)
  } catch {
    // The port's contract: the node judges the next timestamp. An abort ends the call where it goes on.
  }
}
