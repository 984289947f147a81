import type { OpenAIClientLike, Transport } from '../types.ts'
import { responseOfError } from './response-of-error.ts'

/** Sends requests through an OpenAI client instance: its base URL, credentials, headers and `fetch`, without its retries.
 * The client throws on refusals; they are turned back into responses. The `method` of its request options, a public one,
 * stands above that of `post`, so that PUT, PATCH and DELETE need no methods of their own. */
export function createOpenAITransport(client: OpenAIClientLike): Transport {
  return async ({ path, method, headers, body, signal }) => {
    const own = Object.fromEntries(headers)
    const options = {
      method: method.toLowerCase(),
      headers: own,
      signal,
      maxRetries: 0,
      // A credential must not travel to a host that nobody configured.
      fetchOptions: { redirect: 'manual' },
      ...(body ? { body } : {}),
    }
    try {
      return await (method === 'GET' ? client.get(path, options) : client.post(path, options)).asResponse()
    } catch (error) {
      return responseOfError(error)
    }
  }
}
