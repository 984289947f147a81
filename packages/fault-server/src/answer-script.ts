/** A server's healthy answer, in the pieces that faults rearrange. The same for the same server name and model. */
export class AnswerScript {
  /** The words of the answer, `primary:0 `, `primary:1 `, …: whose text it is can be seen in every token. */
  readonly tokens: readonly string[]
  readonly #head: { readonly id: string; readonly created: number; readonly model: string }

  constructor({ name, model, tokens }: { name: string; model: string; tokens: number }) {
    this.tokens = Array.from({ length: tokens }, (_, index) => `${name}:${index} `)
    this.#head = { id: `chatcmpl-${name}`, created: 1_700_000_000, model }
  }

  /** The first `count` tokens as text; all of them by default. */
  text(count: number = this.tokens.length): string {
    return this.tokens.slice(0, count).join('')
  }

  /** The event with a role and no content that opens a stream. */
  get roleEvent(): string {
    return this.#chunk({ delta: { role: 'assistant', content: '' }, finish_reason: null })
  }

  /** One event per token, from `from` up to but without `to`. */
  contentEvents(from: number = 0, to: number = this.tokens.length): string[] {
    return this.tokens.slice(from, to).map((token) => this.contentEvent(token))
  }

  contentEvent(content: string): string {
    return this.#chunk({ delta: { content }, finish_reason: null })
  }

  get finishEvent(): string {
    return this.#chunk({ delta: {}, finish_reason: 'stop' })
  }

  /** The event that `stream_options.include_usage` asks for. */
  get usageEvent(): string {
    return JSON.stringify({ ...this.#head, object: 'chat.completion.chunk', choices: [], usage: this.#usage })
  }

  /** The answer to a request that does not stream. */
  json(content: string = this.text(), finishReason: 'stop' | null = 'stop'): string {
    const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: finishReason }
    return JSON.stringify({ ...this.#head, object: 'chat.completion', choices: [choice], usage: this.#usage })
  }

  get #usage(): object {
    const completion = this.tokens.length
    return { prompt_tokens: 7, completion_tokens: completion, total_tokens: completion + 7 }
  }

  #chunk(choice: object): string {
    return JSON.stringify({ ...this.#head, object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }] })
  }
}
