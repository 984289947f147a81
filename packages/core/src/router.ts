/// <reference lib="esnext.disposable" preserve="true" />
import { checkPlatform } from './check-platform.ts'
import { type CallRequest, readCallRequest } from './dispatch/call-request.ts'
import { Dispatcher } from './dispatch/dispatcher.ts'
import type { CommitMode } from './dispatch/guard-stream.ts'
import { parseRetryOptions, type RetrySettings } from './dispatch/retry-options.ts'
import { isJudgedPath } from './dispatch/run-attempt.ts'
import { parseTimeouts, type TimeoutSettings } from './dispatch/timeouts.ts'
import { type QueueSettings, WaitingLine } from './dispatch/waiting-line.ts'
import { createErrorResponse } from './error-response.ts'
import { isMultiplexerError, MultiplexerError } from './errors.ts'
import { EventHub, type RouterEventListener, type RouterEventName } from './events.ts'
import { ModelLister } from './list-models.ts'
import { type HealthSettings, parseHealthOptions } from './pool/health-options.ts'
import { Pool } from './pool/pool.ts'
import type { Strategy } from './pool/strategy.ts'
import { type RouterStats, snapshotMembers } from './stats.ts'
import { createSteadyClock } from './steady-clock.ts'
import { type CallTracer, createSafeTracer } from './tracing.ts'
import type { FetchLike, Logger, MemberChanges, MemberOptions, MemberPool, UpstreamSource } from './types.ts'

/** Options of a router; every one has a default. */
export interface RouterOptions {
  /** How a member is picked from the lowest tier that has a free one. @default 'weighted-random' */
  readonly strategy?: Strategy | undefined
  /** How long failing members are left alone. */
  readonly health?: HealthSettings | undefined
  /** How often and how patiently a call tries. */
  readonly retry?: RetrySettings | undefined
  /** How many calls may wait for a busy pool, and for how long. */
  readonly queue?: QueueSettings | undefined
  /** The clocks of one attempt. */
  readonly timeouts?: TimeoutSettings | undefined
  /** Total time of one call over all its attempts, in milliseconds, > 0. @default none */
  readonly deadlineMs?: number | undefined
  /** `first-content` delivers a stream as it comes once its first content is there: failing over is free before and
   * forbidden after. `complete` holds the whole answer back, so that any failure is made good. @default 'first-content' */
  readonly commit?: CommitMode | undefined
  /** Largest request body, in bytes. @default 67_108_864 (64 MiB) */
  readonly maxBodyBytes?: number | undefined
  /** Follows calls and attempts; see `@multiplexer/core/otel`. */
  readonly tracer?: CallTracer | undefined
  /** Told what happens; silent without. Never given bodies or headers. */
  readonly logger?: Logger | undefined
  /** Present time in milliseconds. When it goes back, time goes on from where it was. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Chance, [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined
}

/** Lends each OpenAI-compatible request to one member of a weighted pool and fails over until one answers.
 * @example
 * const router = new Router()
 * router.addModel({ baseURL: 'https://a.example/v1', apiKey: 'key-a' }, { modelName: 'a', weight: 3 })
 * router.addFallbackModel({ baseURL: 'https://b.example/v1', apiKey: 'key-b' }, { modelName: 'b' })
 * const response = await router.fetch('/v1/chat/completions', {
 *   method: 'POST',
 *   body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }),
 * }) */
export class Router implements MemberPool {
  readonly #pool: Pool
  readonly #line: WaitingLine
  readonly #events: EventHub
  readonly #dispatcher: Dispatcher
  readonly #models = new ModelLister()
  readonly #now: () => number
  readonly #maxBodyBytes: number
  #outcomes: Record<string, number> = {}
  #failovers = 0

  /** @param options - See `RouterOptions`.
   * @throws RangeError naming the option that is out of range.
   * @throws {MultiplexerError} `platform-unsupported` on a Node that is too old. */
  constructor(options: RouterOptions = {}) {
    checkPlatform('@multiplexer/core')
    const { random = () => Math.random(), commit = 'first-content', deadlineMs } = options
    const now = createSteadyClock(options.now ?? (() => Date.now()))
    if (deadlineMs !== undefined && !(deadlineMs > 0))
      throw new RangeError(`deadlineMs must be > 0; got ${deadlineMs}.`)
    this.#now = now
    this.#maxBodyBytes = options.maxBodyBytes ?? 64 * 1024 * 1024
    this.#pool = new Pool(parseHealthOptions(options.health ?? {}, random), options.strategy)
    this.#line = new WaitingLine(options.queue ?? {}, now)
    this.#events = new EventHub(options.logger)
    this.#dispatcher = new Dispatcher({
      pool: this.#pool,
      line: this.#line,
      events: this.#events,
      retry: parseRetryOptions(options.retry ?? {}, random),
      timeouts: parseTimeouts(options.timeouts ?? {}),
      commit,
      deadlineMs,
      tracer: createSafeTracer(options.tracer),
      now,
    })
    this.#count()
  }

  /** Sends an OpenAI-compatible request: any base URL, the path decides. Give it to an SDK as its `fetch`.
   * @returns A member's answer; its own refusal when one attempt decided; or a response with header `x-multiplexer-error`
   * and an OpenAI-style error body when none did.
   * @throws the reason of the caller's signal, and nothing else. */
  readonly fetch: FetchLike = async (input, init) => {
    try {
      return await this.#route(await readCallRequest(input, init, this.#maxBodyBytes))
    } catch (error) {
      if (isMultiplexerError(error)) return createErrorResponse(error)
      throw error
    }
  }

  /** Adds a member to tier 0, or `options.tier`.
   * @throws TypeError or RangeError when an option is invalid or the name is taken. */
  addModel(source: UpstreamSource, options: MemberOptions): void {
    this.#pool.add(source, { ...options, tier: options.tier ?? 0 })
    this.#line.wake()
  }

  /** Adds a member to tier 1, or `options.tier`: used when every member of the lower tiers is out or full.
   * @throws TypeError or RangeError when an option is invalid or the name is taken. */
  addFallbackModel(source: UpstreamSource, options: MemberOptions): void {
    this.addModel(source, { ...options, tier: options.tier ?? 1 })
  }

  /** Changes a member in place; statistics and requests in flight stay, and health too unless `source` replaces the transport.
   * @throws RangeError when there is no such member or an option is invalid. */
  updateModel(modelName: string, changes: MemberChanges): void {
    this.#pool.update(modelName, changes)
    this.#line.wake()
  }

  /** Takes a member out of selection; its requests in flight finish. Returns false when there was none. */
  removeModel(modelName: string): boolean {
    const removed = this.#pool.remove(modelName)
    this.#line.wake()
    return removed
  }

  /** Tells whether a member of that name is in the pool. */
  hasModel(modelName: string): boolean {
    return this.#pool.has(modelName)
  }

  /** A snapshot of calls and members. */
  getStats(): RouterStats {
    return {
      outcomes: { ...this.#outcomes },
      failovers: this.#failovers,
      inFlight: this.#dispatcher.inFlight,
      waiting: this.#line.length,
      members: snapshotMembers(this.#pool, this.#now()),
    }
  }

  /** Listens to an event. Returns a function that stops listening. Exceptions of listeners are logged, not thrown. */
  on<N extends RouterEventName>(name: N, listener: RouterEventListener<N>): () => void {
    return this.#events.on(name, listener)
  }

  /** Empties the pool, ends every call in flight with an `AbortError`, and forgets statistics and health. */
  async reset(): Promise<void> {
    this.#dispatcher.abortAll(new DOMException('The multiplexer was reset.', 'AbortError'))
    this.#pool.clear()
    this.#outcomes = {}
    this.#failovers = 0
  }

  /** The same as `reset`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.reset()
  }

  #route(request: CallRequest): Promise<Response> {
    const { method, path } = request
    if (method === 'GET' && path === '/models') return this.#models.list(this.#pool.members, request.signal)
    if (STORED_OBJECT.test(path)) throw refuseStored(method, path)
    if (isJudgedPath(path) && method !== 'POST') throw refuseMethod(method, path)
    return this.#dispatcher.dispatch(request, { failover: isJudgedPath(path) })
  }

  #count(): void {
    this.#events.on('failover', () => {
      this.#failovers += 1
    })
    this.#events.on('completed', ({ outcome }) => {
      this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1
    })
  }
}

/** Objects that one upstream keeps: nobody knows which member has them. */
const STORED_OBJECT = /^\/(chat\/completions|responses)\/(?!(input_tokens|compact)$)./

function refuseStored(method: string, path: string): MultiplexerError {
  const problem = `${method} of a stored object (${path.split('/').slice(0, 3).join('/')}/…) cannot be routed: only the upstream that made it has it. Call that upstream directly.`
  return new MultiplexerError('request-unsupported', problem)
}

/** A member's answer to it would not be an answer of a model, and would be held against the member. */
function refuseMethod(method: string, path: string): MultiplexerError {
  const problem = `${method} ${path} cannot be routed: only POST asks a model, and what is stored there only its own upstream has.`
  return new MultiplexerError('request-unsupported', problem)
}
