import { isObject } from './parse-chat-request.ts'

const ROLES = ['developer', 'system', 'user', 'assistant', 'tool', 'function']

/** Checks messages as nodes do since v0.2.12: roles, content, and that tool messages answer an earlier call.
 * @returns The node's text, or undefined.
 * @see Protocol reference, sections 5.2 and 5.5, row 9 */
export function checkMessages(messages: readonly unknown[]): string | undefined {
  const calls = new Set<unknown>()
  for (const [index, message] of messages.entries()) {
    const problem = checkMessage(message, calls)
    if (problem !== undefined) return `messages[${index}]${problem}`
  }
  return undefined
}

function checkMessage(message: unknown, calls: Set<unknown>): string | undefined {
  if (!isObject(message)) return ' must be an object'
  const { role, content } = message
  if (typeof role !== 'string' || role === '') return '.role is required'
  if (!ROLES.includes(role)) return `.role has unsupported value ${JSON.stringify(role)}`
  if (role === 'tool' && !calls.has(message.tool_call_id)) return '.tool_call_id does not match a previous tool call'
  for (const call of toolCalls(message)) calls.add(call)
  return checkContent(content, role)
}

function checkContent(content: unknown, role: string): string | undefined {
  if (content === undefined || content === null) return role === 'assistant' ? undefined : '.content is required'
  if (typeof content === 'string') return undefined
  if (!Array.isArray(content)) return '.content must be a string or an array'
  const bad = content.findIndex((part) => !isObject(part) || typeof part.type !== 'string')
  return bad === -1 ? undefined : `.content[${bad}].type is required`
}

function toolCalls(message: Record<string, unknown>): unknown[] {
  const calls = message.role === 'assistant' ? message.tool_calls : []
  return Array.isArray(calls) ? calls.filter(isObject).map((call) => call.id) : []
}
