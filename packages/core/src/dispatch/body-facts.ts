import { type FieldSpan, findTopLevelFields } from './json-fields.ts'

/** What a request's body says, as far as a router needs to know it. */
export interface BodyFacts {
  readonly body: Uint8Array<ArrayBuffer> | undefined
  /** The `model` of the body; undefined when it names none. */
  readonly model: string | undefined
  /** Where the model stands in the body. */
  readonly modelSpan: FieldSpan | undefined
  /** Whether the body asks for a stream. */
  readonly stream: boolean
  /** Whether the body names something that one upstream keeps: another one does not find it. */
  readonly namesStored: boolean
  /** Tokens that the call may use: a quarter of the body's bytes plus the most that it allows for the answer. */
  readonly estimatedTokens: number
}

/** Fields that say how long the answer may get; the first one that is there counts. */
const LENGTH_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const
/** Fields that name what one upstream keeps, such as the former answer that a conversation goes on from. */
const STORED_FIELDS = ['previous_response_id', 'conversation'] as const
const READ_FIELDS: readonly string[] = ['model', 'stream', ...LENGTH_FIELDS, ...STORED_FIELDS]

/** Reads what it needs in one pass; a body that is no JSON object says nothing. */
export function readBodyFacts(body: Uint8Array<ArrayBuffer> | undefined): BodyFacts {
  const bytes = body ?? new Uint8Array()
  const fields = findTopLevelFields(bytes, READ_FIELDS)
  const modelSpan = fields.get('model')
  const streamSpan = fields.get('stream')
  return {
    body,
    model: modelSpan && parseText(bytes, modelSpan),
    modelSpan,
    stream: streamSpan !== undefined && bytes[streamSpan.start] === LETTER_T,
    namesStored: STORED_FIELDS.some((name) => isGiven(bytes, fields.get(name))),
    estimatedTokens: estimateTokens(bytes, fields),
  }
}

/** What `true` begins with. */
const LETTER_T = 0x74

function estimateTokens(body: Uint8Array, fields: ReadonlyMap<string, FieldSpan>): number {
  const name = LENGTH_FIELDS.find((field) => fields.has(field))
  const span = name && fields.get(name)
  const answer = span && parseValue(body, span)
  return Math.ceil(body.length / 4) + (Number.isSafeInteger(answer) ? Math.max(0, Number(answer)) : 0)
}

function isGiven(body: Uint8Array, span: FieldSpan | undefined): boolean {
  return span !== undefined && parseValue(body, span) !== null
}

function parseText(body: Uint8Array, span: FieldSpan): string | undefined {
  const value = parseValue(body, span)
  return typeof value === 'string' ? value : undefined
}

function parseValue(body: Uint8Array, { start, end }: FieldSpan): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body.subarray(start, end)))
  } catch {
    return undefined
  }
}
