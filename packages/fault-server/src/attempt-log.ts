import type { ServerResponse } from 'node:http'
import type { Exchange } from './exchange.ts'
import type { ReadRequest } from './read-request.ts'

/** One request as the server saw it. */
export interface AttemptLog {
  /** Path of the request, `/v1/chat/completions`. */
  readonly path: string
  /** The model it asked for; empty when it named none. */
  readonly model: string
  /** Whether it asked for a stream. */
  readonly streamed: boolean
  /** The request's body. */
  readonly bodyText: string
  /** When the request was there as a whole, in milliseconds since the epoch. */
  readonly atMs: number
  /** When the client closed the connection before it had the whole answer, in milliseconds since the epoch; undefined
   * while it has not. A connection that the server itself cut does not count. */
  readonly closedAtMs: number | undefined
  /** Whether the whole answer was handed over. */
  readonly finished: boolean
  /** Whether the connection still waits for the rest of the answer. */
  readonly open: boolean
}

/** Follows one request to its end. */
export class AttemptRecord implements AttemptLog {
  readonly path: string
  readonly model: string
  readonly streamed: boolean
  readonly bodyText: string
  readonly atMs: number
  closedAtMs: number | undefined
  finished = false
  open = true

  constructor({ path, model, streamed, bodyText }: ReadRequest, atMs: number) {
    this.path = path
    this.model = model
    this.streamed = streamed
    this.bodyText = bodyText
    this.atMs = atMs
  }

  follow(response: ServerResponse, exchange: Exchange): void {
    response.once('finish', () => {
      this.finished = true
    })
    response.once('close', () => {
      this.open = false
      if (!response.writableFinished && !exchange.isCut) this.closedAtMs = Date.now()
    })
  }
}
