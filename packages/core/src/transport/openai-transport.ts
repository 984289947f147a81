import type { OpenAIClientLike, Transport } from '../types.ts'

/** Sends requests through an OpenAI client instance: its base URL, credentials, headers and `fetch`, without its retries.
 * The client throws on refusals; they are turned back into responses. */
export function createOpenAITransport(client: OpenAIClientLike): Transport {
  return async ({ path, method, headers, body, signal }) => {
    const options = { headers: Object.fromEntries(headers), signal, maxRetries: 0, ...(body ? { body } : {}) }
    try {
      const pending = method === 'GET' ? client.get(path, options) : client.post(path, options)
      return await pending.asResponse()
    } catch (error) {
      const response = responseOf(error)
      if (!response) throw error
      return response
    }
  }
}

/** The response inside an SDK's `APIError`; undefined for connection errors and anything else. */
function responseOf(error: unknown): Response | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined
  const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : new Headers()
  const body =
    'error' in error && error.error !== undefined ? { error: error.error } : { error: { message: error.message } }
  return new Response(JSON.stringify(body), { status: error.status, headers })
}
