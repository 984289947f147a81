import type { HttpUpstream, OpenAIClientLike, Transport, UpstreamSource } from '../types.ts'
import { createHttpTransport } from './http-transport.ts'
import { createOpenAITransport } from './openai-transport.ts'

/** Turns anything that can be a member into a transport.
 * @throws TypeError when `source` is none of the accepted forms. */
export function toTransport(source: UpstreamSource): Transport {
  if (typeof source === 'function') return source
  if (isOpenAIClient(source)) return createOpenAITransport(source)
  if (isHttpUpstream(source)) return createHttpTransport(source)
  throw new TypeError(
    'A member must be a transport function, { baseURL, apiKey | headers, fetch }, or an OpenAI client.',
  )
}

function isOpenAIClient(source: object): source is OpenAIClientLike {
  return 'post' in source && typeof source.post === 'function' && 'get' in source && typeof source.get === 'function'
}

function isHttpUpstream(source: object): source is HttpUpstream {
  return typeof source === 'object' && source !== null && 'baseURL' in source && typeof source.baseURL === 'string'
}
