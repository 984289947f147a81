import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Answer, countUsage, createAnswers, type Usage } from './create-answer.ts'
import type { ChatRequest } from './parse-chat-request.ts'
import { jsonReply, type Reply } from './reply.ts'

/** What an answer says about itself. */
export interface AnswerLabels {
  /** Id of the answer: the request's signature on nodes. */
  readonly id: string
  /** Unix seconds. */
  readonly createdS: number
  /** Everything is derived from it. */
  readonly seed: string
  /** Whether a stream ends with a usage chunk; nodes always send one. */
  readonly usageChunk: boolean
  /** Whether chat answers carry log probabilities; nodes always send them. */
  readonly logprobs: boolean
}

/** Answers a request that passed its checks, as JSON or as a stream of events.
 * @see Protocol reference, section 5.3 */
export function answerChat(request: ChatRequest, labels: AnswerLabels): { reply: Reply; usage: Usage } {
  const answers = createAnswers(request, labels.seed)
  const usage = countUsage(request, answers)
  const parts: Parts = { request, labels, answers, usage }
  return { reply: request.stream ? streamReply(parts) : wholeReply(parts), usage }
}

interface Parts {
  readonly request: ChatRequest
  readonly labels: AnswerLabels
  readonly answers: readonly Answer[]
  readonly usage: Usage
}

/** Keys are sorted: nodes re-marshal what the model server says. */
function wholeReply({ request, labels, answers, usage }: Parts): Reply {
  const isChat = request.kind === 'chat'
  return jsonReply(200, {
    choices: answers.map(({ tokens, finishReason }, index) => ({
      finish_reason: finishReason,
      index,
      logprobs: isChat && labels.logprobs ? logprobsOf(tokens) : null,
      ...(isChat ? { message: { content: tokens.join(''), role: 'assistant' } } : { text: tokens.join('') }),
    })),
    created: labels.createdS,
    id: labels.id,
    model: request.model,
    object: isChat ? 'chat.completion' : 'text_completion',
    usage,
  })
}

function streamReply({ request, labels, answers, usage }: Parts): Reply {
  const isChat = request.kind === 'chat'
  const event = (choices: readonly object[], rest: object = {}): string => {
    const object = isChat ? 'chat.completion.chunk' : 'text_completion'
    const chunk = { choices, created: labels.createdS, id: labels.id, model: request.model, object, ...rest }
    return `data: ${JSON.stringify(chunk)}\n\n`
  }
  const choices = answers.flatMap((answer, index) =>
    isChat ? chatChoices(answer, index, labels.logprobs) : textChoices(answer, index),
  )
  const events = choices.map((choice) => event([choice]))
  if (labels.usageChunk) events.push(event([], { usage }))
  events.push('data: [DONE]\n\n')
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: events }
}

function chatChoices({ tokens, finishReason }: Answer, index: number, withLogprobs: boolean): object[] {
  const logprobs = (token: string) => (withLogprobs ? logprobsOf([token]) : null)
  return [
    { delta: { content: '', role: 'assistant' }, finish_reason: null, index, logprobs: null },
    ...tokens.map((content) => ({ delta: { content }, finish_reason: null, index, logprobs: logprobs(content) })),
    { delta: {}, finish_reason: finishReason, index, logprobs: null },
  ]
}

/** Nodes force `logprobs` on, so answers carry them whether asked for or not. */
function logprobsOf(tokens: readonly string[]): object {
  return {
    content: tokens.map((token) => ({ bytes: [...utf8ToBytes(token)], logprob: 0, token, top_logprobs: [] })),
  }
}

function textChoices({ tokens, finishReason }: Answer, index: number): object[] {
  const choice = (text: string, finish_reason: string | null = null) => ({ finish_reason, index, logprobs: null, text })
  return [...tokens.map((text) => choice(text)), choice('', finishReason)]
}
