import type { Verdict } from './verdict.ts'

/** The part of the platform's `fetch` that this library calls. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** Bytes that `fetch` takes as a body: `Uint8Array<ArrayBuffer>`, in words that TypeScript before 5.7 reads too. */
export type Bytes = ReturnType<Uint8Array['slice']>

/** One request as a member's transport receives it. */
export interface UpstreamRequest {
  /** Path below the member's base URL, with a leading slash and the query: `/chat/completions`. */
  readonly path: string
  /** HTTP method, upper case. */
  readonly method: string
  /** The caller's headers without credentials and hop-by-hop headers; the transport adds its own credentials. */
  readonly headers: Headers
  /** The exact bytes to send; undefined for requests without a body. */
  readonly body: Bytes | undefined
  /** Aborts the request and, once headers have come, the body. */
  readonly signal: AbortSignal
}

/** Sends one request to one upstream and resolves with its answer, whatever the status. Rejects only when no answer came. */
export type Transport = (request: UpstreamRequest) => Promise<Response>

/** An upstream described by where it is and how to authenticate. */
export interface HttpUpstream {
  /** URL that paths are appended to, `https://api.example.com/v1`. http and https only; no credentials, query or fragment. */
  readonly baseURL: string
  /** Sent as `Authorization: Bearer <apiKey>`. */
  readonly apiKey?: string | undefined
  /** Headers added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Used instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
}

/** The part of an `OpenAI` client instance that this library calls; structural, so any installed copy fits. */
export interface OpenAIClientLike {
  /** Sends a POST below the client's base URL. */
  post(path: string, options?: object): { asResponse(): Promise<Response> }
  /** Sends a GET below the client's base URL. */
  get(path: string, options?: object): { asResponse(): Promise<Response> }
}

/** Anything with `chat.completions.create`, such as a wrapped client: serves chat completions only. Its answers are objects
 * or async iterables of chunks; its errors may carry `status` and `headers`, as an SDK's do. */
export interface ChatClientLike {
  /** The chat resource; only `completions.create` is called. */
  readonly chat: {
    readonly completions: {
      /** Creates a completion, or a stream of chunks when `body.stream` is true. */
      // biome-ignore lint/suspicious/noExplicitAny: structural, so that a client of any SDK version fits
      create(body: any, options?: any): PromiseLike<unknown>
    }
  }
}

/** Anything that can become a member: a transport function, a described upstream, an OpenAI client, or an object with
 * `chat.completions.create`. */
export type UpstreamSource = Transport | HttpUpstream | OpenAIClientLike | ChatClientLike

/** A refusal or failure as seen by a member's own verdict rows. */
export interface AttemptOutcome {
  /** HTTP status; undefined when no answer came. */
  readonly status?: number | undefined
  /** Answer headers. */
  readonly headers?: Headers | undefined
  /** First 64 KiB of the answer's body, decoded as UTF-8. */
  readonly bodyText?: string | undefined
  /** The transport's error, when no answer came or the answer broke off. */
  readonly error?: unknown
}

/** A member's own rows of the verdict table: return a verdict to decide, undefined to leave it to the defaults. A verdict
 * `rate-limited` or `unavailable` without `retryAfterMs` waits as long as the answer's `Retry-After` asks. */
export type Classify = (outcome: AttemptOutcome) => Verdict | undefined

/** How a member takes part in the pool. */
export interface MemberOptions {
  /** Unique name of the member; a request for it as `model` pins the member. */
  readonly modelName: string
  /** Relative share of calls within the tier, 0 to 1e100. 0 means: only when no weighted member can serve. @default 1 */
  readonly weight?: number | undefined
  /** Lower tiers are used first. @default 0 for `addModel`, 1 for `addFallbackModel` */
  readonly tier?: number | undefined
  /** Members of one group share fate: a `suspended` verdict on one takes all out for a while. @default the member alone */
  readonly group?: string | undefined
  /** Model ids that the upstream serves. @default any */
  readonly models?: readonly string[] | undefined
  /** Logical model name to this upstream's own model id. */
  readonly aliases?: Readonly<Record<string, string>> | undefined
  /** Model id sent when the request names none. @default models[0], else modelName */
  readonly defaultModel?: string | undefined
  /** Most requests in flight at once, >= 1. @default unlimited */
  readonly maxConcurrent?: number | undefined
  /** Most requests within any 60 seconds, >= 1. @default unlimited */
  readonly rpm?: number | undefined
  /** Most tokens within any 60 seconds, >= 1; estimated before an answer, corrected by its `usage`. @default unlimited */
  readonly tpm?: number | undefined
  /** Verdict rows checked before the defaults. */
  readonly classify?: Classify | undefined
}

/** The members of a router, as packages that fill it see them. `Router` and `Multiplexer` both are one. */
export interface MemberPool {
  /** Adds a member to tier 0 (or `options.tier`).
   * @throws TypeError or RangeError when an option is invalid or the name is taken. */
  addModel(source: UpstreamSource, options: MemberOptions): void
  /** Changes a member in place; statistics and requests in flight stay, and health too unless `source` replaces the transport.
   * @throws RangeError when there is no such member. */
  updateModel(modelName: string, changes: MemberChanges): void
  /** Takes a member out of selection; requests in flight finish. Returns false when there was none. */
  removeModel(modelName: string): boolean
  /** Tells whether a member of that name is in the pool. */
  hasModel(modelName: string): boolean
}

/** What `updateModel` may change; what is absent or undefined stays as it is. */
export type MemberChanges = Partial<Omit<MemberOptions, 'modelName'>> & {
  /** Replaces the member's transport for requests that start from now on; its health starts anew. */
  readonly source?: UpstreamSource | undefined
}

/** Where the library says what it does; pino and console fit. */
export interface Logger {
  /** Every attempt and every call. */
  debug(message: string, details?: object): void
  /** Changes worth knowing, such as a new epoch. */
  info(message: string, details?: object): void
  /** Failures that were made good. */
  warn(message: string, details?: object): void
  /** Failures of the surroundings, such as a listener that threw. */
  error(message: string, details?: object): void
}
