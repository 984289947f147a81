import { isMultiplexerError, type Multiplexer, StreamInterruptedError } from '@multiplexer/core'
import type OpenAI from 'openai'
import type { ExpectedAnswer } from './expected-answers.ts'

/** How one call is made. */
export interface Question {
  readonly mux: Multiplexer
  readonly expected: ExpectedAnswer
  /** `fetch` asks without the SDK; `leave` walks away from a stream after its first content. */
  readonly mode: 'plain' | 'fetch' | 'stream' | 'leave'
  /** Given to every call of mode `fetch`. The SDK leaves a listener on every signal that it is given, also without a
   * multiplexer; its calls get none. */
  readonly signal: AbortSignal
}

/** How one call ended. */
export type CallEnd =
  | { readonly kind: 'answered' | 'left' }
  /** Not the answer that every participant gives to this prompt. */
  | { readonly kind: 'wrong'; readonly got: string }
  /** A stream that broke off after content had been delivered; what was delivered is the beginning of the right answer. */
  | { readonly kind: 'interrupted'; readonly member: string; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'lost'; readonly reason: string }

/** The model of the network's participants. */
export const MODEL = 'sim/model-a'

/** Makes one call and compares every byte that its reader gets. Never rejects. */
export async function ask(question: Question): Promise<CallEnd> {
  const fromMs = Date.now()
  let delivered = ''
  try {
    if (question.mode === 'plain') return judge(readCompletion(await askPlainly(question)), question.expected)
    if (question.mode === 'fetch') return judge(readCompletion(await askByFetch(question)), question.expected)
    const stream = await question.mux.chat.completions.create({ ...bodyOf(question), stream: true })
    const answer = { content: '', finishReason: '', totalTokens: 0 }
    for await (const { choices, usage } of stream) {
      answer.content += choices[0]?.delta.content ?? ''
      answer.finishReason = choices[0]?.finish_reason ?? answer.finishReason
      answer.totalTokens = usage?.total_tokens ?? answer.totalTokens
      delivered = answer.content
      if (question.mode === 'leave' && delivered !== '') return { kind: 'left' }
    }
    return judge(answer, question.expected)
  } catch (error) {
    return judgeError(error, { delivered, fromMs, expected: question.expected })
  }
}

function askPlainly(question: Question): Promise<Completion> {
  return question.mux.chat.completions.create(bodyOf(question))
}

async function askByFetch(question: Question): Promise<Completion> {
  const { mux, signal } = question
  const body = JSON.stringify(bodyOf(question))
  const response = await mux.fetch('/v1/chat/completions', { method: 'POST', body, signal })
  if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`)
  return (await response.json()) as Completion
}

type Completion = OpenAI.ChatCompletion

function readCompletion({ choices, usage }: Completion): Omit<ExpectedAnswer, 'prompt'> {
  const [choice] = choices
  return {
    content: choice?.message.content ?? '',
    finishReason: choice?.finish_reason ?? '',
    totalTokens: usage?.total_tokens ?? 0,
  }
}

function bodyOf({ expected }: Question): { model: string; messages: { role: 'user'; content: string }[] } {
  return { model: MODEL, messages: [{ role: 'user', content: expected.prompt }] }
}

function judge(got: Omit<ExpectedAnswer, 'prompt'>, expected: ExpectedAnswer): CallEnd {
  const fields = ['content', 'finishReason', 'totalTokens'] as const
  const isRight = fields.every((field) => got[field] === expected[field])
  return isRight ? { kind: 'answered' } : { kind: 'wrong', got: JSON.stringify(got) }
}

interface Failure {
  /** What the reader had got. */
  readonly delivered: string
  readonly fromMs: number
  readonly expected: ExpectedAnswer
}

/** An interruption is what the reader is promised only when what came is the beginning of the answer. The error tells of all
 * that came, which may be more than had been read. */
function judgeError(error: unknown, { delivered, fromMs, expected }: Failure): CallEnd {
  if (error instanceof StreamInterruptedError) {
    const { partialText, member } = error
    const isBeginning =
      partialText !== '' && partialText.startsWith(delivered) && expected.content.startsWith(partialText)
    if (!isBeginning) return { kind: 'wrong', got: `partial text ${JSON.stringify(partialText)}` }
    return { kind: 'interrupted', member, fromMs, toMs: Date.now() }
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { kind: 'lost', reason: isMultiplexerError(error) ? `${error.code}, ${reason}` : reason }
}
