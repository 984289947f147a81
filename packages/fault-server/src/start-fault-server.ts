import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AttemptLog } from './attempt-log.ts'
import { hugeText } from './contents.ts'
import { HEALTHY_MODEL } from './faults.ts'
import { Responder } from './responder.ts'

/** Options of a fault server. */
export interface FaultServerOptions {
  /** How long one second of a scenario lasts, in milliseconds, > 0; `Retry-After` is scaled with it. @default 1_000 */
  readonly secondMs?: number | undefined
  /** Tokens of a whole answer, >= 60 so that every fault has its place. @default 60 */
  readonly tokens?: number | undefined
  /** Stands in every token of the answers, so that a test sees whose text it got. @default 'upstream' */
  readonly name?: string | undefined
}

/** A running fault server. */
export interface FaultServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** The `baseURL` for OpenAI clients: `url` and `/v1`. */
  readonly baseURL: string
  /** The text of a whole, healthy answer. */
  readonly text: string
  /** The text of the `huge-event` fault. */
  readonly hugeText: string
  /** Every request so far, in order; the entries keep up with what happens to their connection. */
  readonly attempts: readonly AttemptLog[]
  /** The first `count` tokens of the healthy answer as text. */
  textOf(count: number): string
  /** The requests for one model. */
  attemptsOf(model: string): readonly AttemptLog[]
  /** Takes the `flapping` model down or up; it starts down. */
  setDown(isDown: boolean): void
  /** Forgets every request: scenarios with a memory begin again, and `flapping` is down. */
  reset(): void
  /** Closes every connection and the server. */
  stop(): Promise<void>
}

/** Starts an OpenAI-compatible upstream on a free port of 127.0.0.1 that does what the request's model says: the name of a
 * fault, or `ok` for a healthy answer.
 * @param options - See `FaultServerOptions`.
 * @throws RangeError when `secondMs` or `tokens` is out of range.
 * @example
 * await using upstream = await startFaultServer({ secondMs: 10, name: 'primary' })
 * const response = await fetch(`${upstream.baseURL}/chat/completions`, {
 *   method: 'POST',
 *   body: JSON.stringify({ model: 'cut-after-40', stream: true, messages: [] }),
 * }) */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const { secondMs = 1_000, tokens = 60, name = 'upstream' } = options
  if (!(secondMs > 0)) throw new RangeError(`secondMs must be a number > 0; got ${secondMs}.`)
  if (!(tokens >= 60)) throw new RangeError(`tokens must be a number >= 60; got ${tokens}.`)
  const responder = new Responder({ secondMs, tokens, name })
  const server = createServer((request, response) => responder.respond(request, response))
  // A client that takes an idle connection just as it is closed would see a fault that nobody asked for.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return createHandle(server, responder)
}

function createHandle(server: Server, responder: Responder): FaultServer {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const script = responder.scriptFor(HEALTHY_MODEL)
  const stop = (): Promise<void> => stopServer(server)
  return {
    url,
    baseURL: `${url}/v1`,
    text: script.text(),
    get hugeText() {
      return hugeText(script.tokens)
    },
    attempts: responder.attempts,
    textOf: (count) => script.text(count),
    attemptsOf: (model) => responder.attempts.filter((attempt) => attempt.model === model),
    setDown: (isDown) => responder.setDown(isDown),
    reset: () => responder.reset(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
