import { verdictOfErrorBody } from '../judge/classify-outcome.ts'
import { readUpstreamError } from '../judge/upstream-error.ts'
import type { AnswerFacts } from '../tracing.ts'
import { createVerdict, type Verdict } from '../verdict.ts'
import { readAnswerFacts } from './answer-facts.ts'
import { SseReader } from './sse-reader.ts'
import type { StreamDialect } from './stream-dialect.ts'

/** Follows a stream without changing it: has content come, is the answer complete, did the upstream say it failed? */
export class StreamWatcher {
  readonly #reader = new SseReader()
  readonly #dialect: StreamDialect
  readonly #begunChoices = new Set<number>()
  readonly #openChoices = new Set<number>()
  #text = ''
  #finished = false
  #done = false
  #hasContent = false
  #events = 0
  #failure: Verdict | undefined
  #facts: AnswerFacts | undefined

  constructor(dialect: StreamDialect) {
    this.#dialect = dialect
  }

  /** True once a content, tool-call or reasoning delta has come. */
  get hasContent(): boolean {
    return this.#hasContent
  }

  /** Events with data so far; comments and keep-alive lines do not count. */
  get events(): number {
    return this.#events
  }

  /** True when every choice that was begun has been finished, and at least one has. */
  get isComplete(): boolean {
    return this.#finished && this.#openChoices.size === 0 && this.#failure === undefined
  }

  /** True when the answer is complete and its closing event said that nothing more comes. */
  get isDone(): boolean {
    return this.#done && this.isComplete
  }

  /** True when the upstream said that nothing more comes, and the answer is not complete. */
  get isCutShort(): boolean {
    return (this.#done || this.#reader.pending === END_MARK) && !this.isComplete
  }

  /** What an error event or an unreadable event proved. */
  get failure(): Verdict | undefined {
    return this.#failure
  }

  /** The text so far, all choices joined. */
  get text(): string {
    return this.#text
  }

  /** What the events said about the answer: its model, its usage. */
  get facts(): AnswerFacts {
    return this.#facts ?? {}
  }

  feed(bytes: Uint8Array): void {
    for (const data of this.#reader.feed(bytes)) this.#take(data)
  }

  end(): void {
    for (const data of this.#reader.end()) this.#take(data)
  }

  #take(data: string): void {
    this.#events += 1
    if (this.#done || this.#failure || data === '') return
    if (data === END_MARK) {
      this.#done = true
      return
    }
    const event = parseEvent(data)
    const error = event && readStreamError(event)
    if (!event) this.#failure = createVerdict('unavailable', { reason: 'an event of the stream is not JSON' })
    else if (error?.present) this.#failure = verdictOfErrorBody(error)
    else this.#read(event)
  }

  #read(event: Record<string, unknown>): void {
    const { choices, content, finished } = this.#dialect(event)
    if (!this.#facts || finished.length > 0 || event.usage) this.#facts = addFacts(this.#facts, readAnswerFacts(event))
    // The Responses API has no `[DONE]`: its closing event is the last.
    if (event.type === 'response.completed' || event.type === 'response.incomplete') this.#done = true
    for (const choice of choices) this.#begin(choice)
    for (const { choice, text } of content) {
      this.#hasContent = true
      this.#openChoices.add(choice)
      this.#text += text
    }
    for (const choice of finished) {
      this.#finished = true
      this.#openChoices.delete(choice)
    }
  }

  /** A choice of which only the role has come is missing as well; one that is finished may be spoken of again. */
  #begin(choice: number): void {
    if (this.#begunChoices.has(choice)) return
    this.#begunChoices.add(choice)
    this.#openChoices.add(choice)
  }
}

const END_MARK = '[DONE]'

/** Choices may finish in events of their own: their reasons add up, everything else is what was said last. */
function addFacts(before: AnswerFacts = {}, more: AnswerFacts): AnswerFacts {
  const finishReasons = [...(before.finishReasons ?? []), ...(more.finishReasons ?? [])]
  return { ...before, ...more, ...(finishReasons.length > 0 ? { finishReasons } : {}) }
}

function parseEvent(data: string): Record<string, unknown> | undefined {
  try {
    const event: unknown = JSON.parse(data)
    return typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** `{ error }` anywhere, or the Responses API's `error` and `response.failed` events. */
function readStreamError(event: Record<string, unknown>): ReturnType<typeof readUpstreamError> {
  if (event.type === 'error') return readUpstreamError(event.error ? event : { error: event })
  if (event.type === 'response.failed') return readUpstreamError(event.response)
  return readUpstreamError(event)
}
