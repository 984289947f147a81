import type { OpenAIClientLike, Transport } from '../types.ts'
import { responseOfError } from './response-of-error.ts'

/** Sends requests through an OpenAI client instance: its base URL, credentials, headers and `fetch`, without its retries.
 * The client throws on refusals; they are turned back into responses. */
export function createOpenAITransport(client: OpenAIClientLike): Transport {
  return async ({ path, method, headers, body, signal }) => {
    const options = { headers: Object.fromEntries(headers), signal, maxRetries: 0, ...(body ? { body } : {}) }
    try {
      return await (method === 'GET' ? client.get(path, options) : client.post(path, options)).asResponse()
    } catch (error) {
      return responseOfError(error)
    }
  }
}
