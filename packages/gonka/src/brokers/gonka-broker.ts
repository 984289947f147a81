/** A broker to send requests through. */
export interface BrokerOptions {
  /** Base URL of its OpenAI-compatible API, as `https://api.broker.example/v1`; http(s), without credentials and query. */
  readonly url: string
  /** Sent as `Authorization: Bearer <apiKey>` to that URL and to no other host. A function is called once, at registration. */
  readonly apiKey: string | (() => string)
  /** Relative share of calls, 0 to 2^53 - 1. Participants count with their weight on the network. @default 1 */
  readonly weight?: number | undefined
  /** Model ids that it serves. @default those that `GET {url}/models` lists, or any until it does */
  readonly models?: readonly string[] | undefined
  /** Name that requests may use to this broker's own model id, where brokers call one model differently. @default none */
  readonly aliases?: Readonly<Record<string, string>> | undefined
  /** Most requests in flight at once, >= 1. @default `defaultMaxConcurrent` */
  readonly maxConcurrent?: number | undefined
  /** Goes behind `<prefix>broker:` in the member's name; tells two keys of one broker apart. @default the host of `url` */
  readonly name?: string | undefined
}

/** A broker whose settings are checked. Showing it (`console.log`, JSON) shows its host and not its key. */
export class GonkaBroker implements BrokerOptions {
  /** Goes behind `<prefix>broker:` in the member's name. */
  readonly name: string
  /** Host of the URL, with the port unless it is the protocol's. */
  readonly host: string
  /** Relative share of calls. */
  readonly weight: number
  /** Model ids that it serves; undefined when it is asked. */
  readonly models: readonly string[] | undefined
  /** Name that requests may use to this broker's own model id; may be empty. */
  readonly aliases: Readonly<Record<string, string>>
  /** Most requests in flight at once; undefined when `defaultMaxConcurrent` holds. */
  readonly maxConcurrent: number | undefined
  readonly #url: string
  readonly #apiKey: string

  /** @param settings - Checked already: see `resolveBrokers`. */
  constructor(settings: BrokerOptions & { readonly apiKey: string; readonly name: string; readonly weight: number }) {
    this.name = settings.name
    this.host = new URL(settings.url).host
    this.weight = settings.weight
    this.models = settings.models
    this.aliases = settings.aliases ?? {}
    this.maxConcurrent = settings.maxConcurrent
    this.#url = settings.url
    this.#apiKey = settings.apiKey
    Object.freeze(this)
  }

  /** Base URL of its API, without a trailing slash. */
  get url(): string {
    return this.#url
  }

  /** The key; a method, so that nothing that prints an object prints it. */
  apiKey(): string {
    return this.#apiKey
  }
}
