import type { IncomingMessage, ServerResponse } from 'node:http'
import { AnswerScript } from './answer-script.ts'
import { AttemptRecord } from './attempt-log.ts'
import { Exchange } from './exchange.ts'
import { FAULT_NAMES, HEALTHY_MODEL } from './faults.ts'
import { type ReadRequest, readRequest } from './read-request.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import { refuse, sendHealthy, sendJson } from './send.ts'

/** A fault server's options with every default filled in. */
export interface ResponderOptions {
  readonly secondMs: number
  readonly tokens: number
  readonly name: string
}

/** Answers requests and remembers them. */
export class Responder {
  readonly attempts: AttemptRecord[] = []
  readonly #options: ResponderOptions
  #isDown = true

  constructor(options: ResponderOptions) {
    this.#options = options
  }

  scriptFor(model: string): AnswerScript {
    const { name, tokens } = this.#options
    return new AnswerScript({ name, tokens, model })
  }

  setDown(isDown: boolean): void {
    this.#isDown = isDown
  }

  reset(): void {
    this.attempts.length = 0
    this.#isDown = true
  }

  async respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming).catch(() => undefined)
    // The client went away while it was still sending.
    if (!request) return
    const record = new AttemptRecord(request, Date.now())
    this.attempts.push(record)
    const exchange = new Exchange(response, this.#detailsOf(record, request))
    record.follow(response, exchange)
    await scenarioFor(request)(exchange)
  }

  #detailsOf({ model, atMs }: AttemptRecord, { streamed, includeUsage }: ReadRequest): Exchange['details'] {
    const sameModel = this.attempts.filter((attempt) => attempt.model === model)
    return {
      streamed,
      includeUsage,
      nth: sameModel.length,
      sinceFirstMs: atMs - (sameModel[0]?.atMs ?? atMs),
      secondMs: this.#options.secondMs,
      isDown: this.#isDown,
      script: this.scriptFor(model),
    }
  }
}

function scenarioFor({ path, model }: ReadRequest): Scenario {
  if (path === '/v1/models') return sendModels
  if (path !== '/v1/chat/completions') return (exchange) => refuse(exchange, 404, { code: 'unknown_path' })
  if (model === HEALTHY_MODEL) return sendHealthy
  return isFault(model) ? SCENARIOS[model] : (exchange) => refuse(exchange, 404, { code: 'unknown_fault' })
}

function isFault(model: string): model is keyof typeof SCENARIOS {
  return Object.hasOwn(SCENARIOS, model)
}

async function sendModels(exchange: Exchange): Promise<void> {
  const data = [HEALTHY_MODEL, ...FAULT_NAMES].map((id) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'fault-server',
  }))
  await sendJson(exchange, 200, JSON.stringify({ object: 'list', data }))
}
