import type { ChatClientLike, HttpUpstream, OpenAIClientLike, Transport, UpstreamSource } from '../types.ts'
import { createChatTransport } from './chat-transport.ts'
import { createHttpTransport } from './http-transport.ts'
import { createOpenAITransport } from './openai-transport.ts'

/** A source as a member uses it. */
export interface ParsedSource {
  readonly transport: Transport
  /** Paths it serves; undefined for all. */
  readonly paths?: readonly string[] | undefined
}

/** Turns anything that can be a member into a transport.
 * @throws TypeError when `source` is none of the accepted forms. */
export function parseSource(source: UpstreamSource): ParsedSource {
  if (typeof source === 'function') return { transport: source }
  if (isOpenAIClient(source)) return { transport: createOpenAITransport(source) }
  if (isChatClient(source)) return { transport: createChatTransport(source), paths: ['/chat/completions'] }
  if (isHttpUpstream(source)) return { transport: createHttpTransport(source) }
  throw new TypeError(
    'A member must be a transport function, { baseURL, apiKey | headers, fetch }, an OpenAI client, or an object with chat.completions.create.',
  )
}

function isOpenAIClient(source: object): source is OpenAIClientLike {
  return hasMethod(source, 'post') && hasMethod(source, 'get')
}

function isChatClient(source: object): source is ChatClientLike {
  const completions = property(property(source, 'chat'), 'completions')
  return hasMethod(completions, 'create')
}

function isHttpUpstream(source: object): source is HttpUpstream {
  return typeof property(source, 'baseURL') === 'string'
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof property(value, name) === 'function'
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
