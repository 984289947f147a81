import { checkSdk } from './check-platform.ts'
import { errorBehind } from './error-response.ts'
import type { RouterEventListener, RouterEventName } from './events.ts'
import { OpenAI, SDK_VERSION } from './install-peer-openai.ts'
import { Router, type RouterOptions } from './router.ts'
import type { RouterStats } from './stats.ts'
import type { FetchLike, MemberChanges, MemberOptions, MemberPool, UpstreamSource } from './types.ts'

/** A router with the official OpenAI SDK mounted on it: `mux.chat`, `mux.responses`, … are the SDK's own resources, so
 * helpers, types and per-call options work as they do on an `OpenAI` client.
 * @example
 * const mux = new Multiplexer()
 * mux.addModel({ baseURL: 'https://a.example/v1', apiKey: 'key-a' }, { modelName: 'a', weight: 3 })
 * mux.addFallbackModel({ baseURL: 'https://b.example/v1', apiKey: 'key-b' }, { modelName: 'b' })
 * const completion = await mux.chat.completions.create({
 *   model: 'auto',
 *   messages: [{ role: 'user', content: 'Hello' }],
 * }) */
export class Multiplexer implements MemberPool {
  /** The router underneath; `router.fetch` serves SDKs that take a `fetch`. */
  readonly router: Router
  /** Chat completions. */
  readonly chat: OpenAI['chat']
  /** Legacy text completions. */
  readonly completions: OpenAI['completions']
  /** The Responses API; stored responses cannot be retrieved or deleted through a multiplexer. */
  readonly responses: OpenAI['responses']
  /** Embeddings. */
  readonly embeddings: OpenAI['embeddings']
  /** The models of all members, merged. */
  readonly models: OpenAI['models']

  /** @param options - See `RouterOptions`.
   * @throws RangeError naming the option that is out of range.
   * @throws {MultiplexerError} `sdk-unsupported` or `platform-unsupported` on a version that does not fit. */
  constructor(options: RouterOptions = {}) {
    checkSdk(SDK_VERSION)
    this.router = new Router(options)
    const client = new MountedClient(this.router.fetch)
    this.chat = client.chat
    this.completions = client.completions
    this.responses = client.responses
    this.embeddings = client.embeddings
    this.models = client.models
  }

  /** Sends any OpenAI-compatible request; see `Router.fetch`. */
  get fetch(): FetchLike {
    return this.router.fetch
  }

  /** Adds a member to tier 0, or `options.tier`.
   * @throws TypeError or RangeError when an option is invalid or the name is taken. */
  addModel(source: UpstreamSource, options: MemberOptions): void {
    this.router.addModel(source, options)
  }

  /** Adds a member to tier 1, or `options.tier`.
   * @throws TypeError or RangeError when an option is invalid or the name is taken. */
  addFallbackModel(source: UpstreamSource, options: MemberOptions): void {
    this.router.addFallbackModel(source, options)
  }

  /** Changes a member in place; statistics and requests in flight stay, and health too unless `source` replaces the transport.
   * @throws RangeError when there is no such member or an option is invalid. */
  updateModel(modelName: string, changes: MemberChanges): void {
    this.router.updateModel(modelName, changes)
  }

  /** Takes a member out of selection; its requests in flight finish. Returns false when there was none. */
  removeModel(modelName: string): boolean {
    return this.router.removeModel(modelName)
  }

  /** Tells whether a member of that name is in the pool. */
  hasModel(modelName: string): boolean {
    return this.router.hasModel(modelName)
  }

  /** A snapshot of calls and members. */
  getStats(): RouterStats {
    return this.router.getStats()
  }

  /** What `JSON.stringify` shows: the statistics. */
  toJSON(): RouterStats {
    return this.getStats()
  }

  /** Listens to an event. Returns a function that stops listening. */
  on<N extends RouterEventName>(name: N, listener: RouterEventListener<N>): () => void {
    return this.router.on(name, listener)
  }

  /** Empties the pool, ends every call in flight, and forgets statistics and health. */
  reset(): Promise<void> {
    return this.router.reset()
  }

  /** The same as `reset`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.reset()
  }
}

/** The SDK with the router as its network. Retries are off: the router is their only owner. Nothing that the SDK reads from
 * `OPENAI_*` variables is kept or sent: it was meant for another server. */
class MountedClient extends OpenAI {
  constructor(fetch: FetchLike) {
    super({
      baseURL: 'http://multiplexer.invalid/v1',
      // The SDK insists on a key; the router drops the header that carries it.
      apiKey: 'unused',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      dangerouslyAllowBrowser: true,
      fetch: (input, init) => fetch(input, withoutSelfDescription(init)),
    })
    // No option turns OPENAI_CUSTOM_HEADERS off; the SDK keeps them here.
    this._options = { ...this._options, defaultHeaders: undefined }
  }

  protected override makeStatusError(
    ...args: Parameters<OpenAI['makeStatusError']>
  ): ReturnType<OpenAI['makeStatusError']> {
    const [status, error, message, headers] = args
    const own = errorBehind(headers)
    // The SDK throws what this returns; its declared type is narrower than what it needs.
    return (
      (own as unknown as ReturnType<OpenAI['makeStatusError']>) ??
      super.makeStatusError(status, error, message, headers)
    )
  }
}

/** Leaves out what the SDK says of itself: no upstream asked, and one whose CORS rules name the usual headers only would
 * refuse a page. */
function withoutSelfDescription(init: RequestInit = {}): RequestInit {
  const headers = new Headers(init.headers)
  for (const name of [...headers.keys()]) if (name.startsWith('x-stainless-')) headers.delete(name)
  if (headers.get('user-agent')?.endsWith(`/JS ${SDK_VERSION}`)) headers.delete('user-agent')
  return { ...init, headers }
}
