/** The parts of an OpenAI-style body that a node looks at. */
export interface ChatRequest {
  readonly kind: 'chat' | 'completion'
  /** Empty when the body names none. */
  readonly model: string
  /** Empty for `/v1/completions`. */
  readonly messages: readonly unknown[]
  /** All text of the prompt. */
  readonly prompt: string
  /** Most tokens of the answer; 0 when the body sets no limit. */
  readonly maxTokens: number
  /** Answers asked for. */
  readonly n: number
  readonly stream: boolean
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean
  /** Top-level keys of the body. */
  readonly keys: readonly string[]
}

/** Reads a body.
 * @returns The request, or the text of the refusal. */
export function parseChatRequest(body: Uint8Array, kind: ChatRequest['kind']): ChatRequest | string {
  const json = parseObject(body)
  if (json === undefined) return invalid('the body is not a JSON object')
  const wrong = findWrongType(json)
  if (wrong !== undefined) return invalid(wrong)
  const messages = Array.isArray(json.messages) ? json.messages : []
  const prompt = kind === 'chat' ? messages.map(messageText).join('\n') : promptText(json.prompt)
  if (kind === 'chat' && messages.length === 0) return 'messages is required'
  if (kind === 'completion' && prompt === '') return 'prompt is required'
  return {
    kind,
    model: (json.model as string | undefined) ?? '',
    messages: kind === 'chat' ? messages : [],
    prompt,
    maxTokens: limitOf(json.max_completion_tokens) || limitOf(json.max_tokens),
    n: (json.n as number | undefined) ?? 1,
    stream: json.stream === true,
    includeUsage: isObject(json.stream_options) && json.stream_options.include_usage === true,
    keys: Object.keys(json),
  }
}

/** The text of a message's content: a string, or the text parts of an array. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('')
}

/** Tells JSON objects from everything else. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    // A byte order mark stays: Go's decoder, which nodes use, refuses it.
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const TYPES: readonly (readonly [key: string, type: string, fits: (value: unknown) => boolean])[] = [
  ['model', 'a string', (value) => typeof value === 'string'],
  ['messages', 'an array', Array.isArray],
  ['stream', 'a boolean', (value) => typeof value === 'boolean'],
  ['max_tokens', 'a whole number', Number.isSafeInteger],
  ['max_completion_tokens', 'a whole number', Number.isSafeInteger],
  ['n', 'a whole number', Number.isSafeInteger],
]

function findWrongType(json: Record<string, unknown>): string | undefined {
  const wrong = TYPES.find(([key, , fits]) => json[key] !== undefined && json[key] !== null && !fits(json[key]))
  return wrong && `${wrong[0]} must be ${wrong[1]}`
}

function messageText(message: unknown): string {
  if (!isObject(message)) return ''
  return `${typeof message.role === 'string' ? message.role : ''}: ${contentText(message.content)}`
}

function promptText(prompt: unknown): string {
  if (typeof prompt === 'string') return prompt
  return Array.isArray(prompt) ? prompt.filter((part) => typeof part === 'string').join('\n') : ''
}

function limitOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0
}

function invalid(problem: string): string {
  return `invalid chat completion request: ${problem}`
}
