import { type Answer, type Asked, askNode, parseObject } from './ask-node.ts'
import type { DoctorPorts } from './types.ts'

/** A request that cannot be charged: no model has this name, and towards participants it carries no signature, so that no
 * account is known. Nodes refuse it by what they are: retired with 410, otherwise 403 or 401 before anything else; gateways
 * check the key and then the model.
 * @see Protocol reference, sections 5.5 (rows 1 to 6) and 5.6 */
const BODY = JSON.stringify({
  model: 'gonka-doctor/no-such-model',
  messages: [{ role: 'user', content: 'Hello' }],
  max_tokens: 1,
})

/** Asks for a completion that there cannot be.
 * @param baseUrl - URL with `/v1`.
 * @param ports.apiKey - Sent as Bearer key; nothing is sent when undefined. */
export function probeChat(baseUrl: string, ports: DoctorPorts & { readonly apiKey?: string }): Promise<Asked> {
  const { apiKey } = ports
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  }
  return askNode({ url: `${baseUrl}/chat/completions`, body: BODY, headers }, ports)
}

/** What answers at a URL, by how it refuses an unsigned request. */
export type ChatMode = 'signed' | 'retired' | 'gateway' | 'other'

/** Tells from the answer to an unsigned probe what kind of node gave it. */
export function readChatMode({ status, text }: Answer): ChatMode {
  if (status === 410) return 'retired'
  const { error } = parseObject(text) ?? {}
  if (status === 401 && typeof error === 'string' && /^authorization is required/i.test(error)) return 'signed'
  const isObject = typeof error === 'object' && error !== null
  return isObject && (status === 400 || status === 401 || status === 404) ? 'gateway' : 'other'
}
