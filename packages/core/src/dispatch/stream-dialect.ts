/** What one event of a stream says. */
interface EventMeaning {
  /** Choices that this event speaks of, by index. */
  readonly choices: readonly number[]
  /** Content for the reader: text, reasoning or tool-call deltas, by choice index. Empty text means content without text. */
  readonly content: readonly { readonly choice: number; readonly text: string }[]
  /** Choices that this event finishes. */
  readonly finished: readonly number[]
}

/** Reads the events of one endpoint's streams. */
export type StreamDialect = (event: Record<string, unknown>) => EventMeaning

/** The dialect of an API path; undefined for paths whose streams are passed on unguarded. */
export function dialectOf(path: string): StreamDialect | undefined {
  if (path === '/chat/completions') return readChatEvent
  if (path === '/completions') return readCompletionEvent
  return path === '/responses' ? readResponseEvent : undefined
}

function readChatEvent(event: Record<string, unknown>): EventMeaning {
  return readChoices(event, (choice) => {
    const delta = record(choice.delta)
    if (!CONTENT_FIELDS.some((name) => isFilled(delta[name]))) return undefined
    return TEXT_FIELDS.map((name) => delta[name])
      .filter((value) => typeof value === 'string')
      .join('')
  })
}

function readCompletionEvent(event: Record<string, unknown>): EventMeaning {
  return readChoices(event, ({ text }) => (typeof text === 'string' && text !== '' ? text : undefined))
}

/** The Responses API: one answer, typed events, a closing event that carries the whole response. */
function readResponseEvent(event: Record<string, unknown>): EventMeaning {
  const type = typeof event.type === 'string' ? event.type : ''
  const isDelta = type.endsWith('.delta') && typeof event.delta === 'string' && event.delta !== ''
  return {
    choices: [0],
    content: isDelta ? [{ choice: 0, text: TEXT_DELTAS.includes(type) ? String(event.delta) : '' }] : [],
    finished: type === 'response.completed' || type === 'response.incomplete' ? [0] : [],
  }
}

/** What the reader of the answer sees; reasoning is content, but no part of the answer's text. */
const TEXT_FIELDS = ['content', 'refusal'] as const
const CONTENT_FIELDS = [
  ...TEXT_FIELDS,
  'reasoning_content',
  'reasoning',
  'tool_calls',
  'function_call',
  'audio',
] as const
const TEXT_DELTAS = ['response.output_text.delta', 'response.refusal.delta']

function isFilled(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  return typeof value === 'object' && value !== null
}

function readChoices(
  event: Record<string, unknown>,
  contentOf: (choice: Record<string, unknown>) => string | undefined,
): EventMeaning {
  const choices = Array.isArray(event.choices) ? event.choices.map(record) : []
  const content: { choice: number; text: string }[] = []
  const finished: number[] = []
  for (const choice of choices) {
    const index = indexOf(choice)
    const text = contentOf(choice)
    if (text !== undefined) content.push({ choice: index, text })
    // Some upstreams send an empty one until the choice is finished.
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') finished.push(index)
  }
  return { choices: choices.map(indexOf), content, finished }
}

function indexOf({ index }: Record<string, unknown>): number {
  return typeof index === 'number' ? index : 0
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
