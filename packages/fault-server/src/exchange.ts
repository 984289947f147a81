import type { ServerResponse } from 'node:http'
import type { AnswerScript } from './answer-script.ts'

/** What a scenario may know about the request it answers. */
export interface ExchangeDetails {
  /** Whether the request asked for a stream. */
  readonly streamed: boolean
  /** Whether the request asked for the usage event. */
  readonly includeUsage: boolean
  /** Requests for this model so far, this one included. */
  readonly nth: number
  /** Time since the first request for this model, in milliseconds. */
  readonly sinceFirstMs: number
  /** How long one second of a scenario lasts, in milliseconds. */
  readonly secondMs: number
  /** Whether the flapping upstream is down. */
  readonly isDown: boolean
  /** The healthy answer in pieces. */
  readonly script: AnswerScript
}

/** One request being answered. Nothing here fails when the client has gone: the rest goes nowhere. */
export class Exchange {
  readonly details: ExchangeDetails
  readonly #response: ServerResponse
  #isCut = false

  constructor(response: ServerResponse, details: ExchangeDetails) {
    this.details = details
    this.#response = response
    response.on('error', ignore)
  }

  /** True when this server, not the client, closed the connection. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Sends status and headers at once. */
  head(status: number, headers: Record<string, string>): void {
    this.#response.writeHead(status, headers).flushHeaders()
  }

  /** Writes to the body; resolves once the system has the bytes. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#response.write(text, () => resolve()))
  }

  end(): void {
    this.#response.end()
  }

  /** Closes the connection in the middle of whatever there is. */
  cut(): void {
    this.#isCut = true
    this.#response.socket?.destroy()
  }

  /** Waits for so many seconds of the scenario, or until the client has gone. A client in the same process has then read
   * what was written before, however busy the process is: otherwise both would reach it in one read. */
  async wait(seconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * this.details.secondMs)
      this.#response.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
    })
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

function ignore(): void {}
