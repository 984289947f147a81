import { readBodyText } from '@gonka/protocol'
import type { FetchLike } from '@multiplexer/core/router'
import { createRedactor } from '../create-redactor.ts'

/** Refusals are short; one that is longer and was held back is no loss. */
const MAX_REFUSAL_BYTES = 65_536

/** What a caller needs of a refusal's headers; others may repeat the key as well. */
const KEPT_HEADERS = ['content-type', 'retry-after', 'x-request-id'] as const

/** Wraps a broker's `fetch`: refusals are passed on to callers, who need not be the owners of the key, and some APIs repeat the
 * key that they refuse. Answers that do not are untouched.
 * @param apiKey - The key; every run of 8 or more of its characters is blotted out. */
export function redactRefusals(fetch: FetchLike, apiKey: string): FetchLike {
  const redact = createRedactor([apiKey])
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.status < 400 || !response.body) return response
    const text = await readBodyText(response.clone(), MAX_REFUSAL_BYTES)
    const shown = text === undefined ? '' : redact(text)
    if (shown === text) return response
    response.body.cancel().catch(() => {})
    return new Response(shown, { status: response.status, headers: keepHeaders(response.headers, redact) })
  }
}

function keepHeaders(headers: Headers, redact: (text: string) => string): Record<string, string> {
  const kept = KEPT_HEADERS.map((name) => [name, redact(headers.get(name) ?? '')] as const)
  return Object.fromEntries(kept.filter(([, value]) => value !== ''))
}
