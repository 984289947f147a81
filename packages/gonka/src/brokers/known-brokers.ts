/** A service that sells access to the Gonka network behind an OpenAI-compatible API with Bearer keys. */
export interface KnownBroker {
  /** The broker's own host, by which the network's documentation names it. */
  readonly name: string
  /** What goes into `brokers[].url`; undefined where only the broker's own pages say. */
  readonly baseURL: string | undefined
  /** What its keys begin with; undefined where that is not published. */
  readonly keyPrefix: string | undefined
  /** Host of its documentation; undefined where none is known. */
  readonly docsHost: string | undefined
  /** Limits that it publishes; undefined where none are known. */
  readonly limits: BrokerLimits | undefined
}

/** Published limits of a broker, each undefined where it is not known. */
export interface BrokerLimits {
  /** Requests per minute for one key. */
  readonly requestsPerMinutePerKey?: number | undefined
  /** Requests per minute from one IP address. */
  readonly requestsPerMinutePerIp?: number | undefined
}

const NOTHING_PUBLISHED = { baseURL: undefined, keyPrefix: undefined, docsHost: undefined, limits: undefined } as const

/** Brokers that the Gonka project's developer quickstart names, and OpenBroker. A list from public documentation as of August
 * 2026, not a recommendation: nothing here says that one works today. Add one with your key of it:
 * @example
 * const gonkagate = knownBrokers.find(({ name }) => name === 'gonkagate.com')
 * if (gonkagate?.baseURL) console.log(`brokers: [{ url: '${gonkagate.baseURL}', apiKey: '…' }]`)
 * @see gonka-docs, docs/developer/quickstart.md; openbroker.gonka.gg/docs */
export const knownBrokers: readonly KnownBroker[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ [
    { ...NOTHING_PUBLISHED, name: 'gonka24.com', baseURL: 'https://api.gonka24.com/v1' },
    { ...NOTHING_PUBLISHED, name: 'proxy.gonka.gg' },
    { ...NOTHING_PUBLISHED, name: 'gonkagate.com', baseURL: 'https://api.gonkagate.com/v1' },
    { ...NOTHING_PUBLISHED, name: 'gate.joingonka.ai' },
    { ...NOTHING_PUBLISHED, name: 'router.gonkascan.com', baseURL: 'https://api.gonkascan.com/v1' },
    { ...NOTHING_PUBLISHED, name: 'gonka-api.org' },
    {
      ...NOTHING_PUBLISHED,
      name: 'gonkabroker.com',
      baseURL: 'https://proxy.gonkabroker.com/v1',
      keyPrefix: 'gk-prx-',
      docsHost: 'docs.gonkabroker.com',
    },
    { ...NOTHING_PUBLISHED, name: 'router.mingles.ai' },
    { ...NOTHING_PUBLISHED, name: 'console.hyperfusion.io' },
    { ...NOTHING_PUBLISHED, name: 'inference.dahl.global' },
    {
      ...NOTHING_PUBLISHED,
      name: 'openbroker.gonka.gg',
      baseURL: 'https://api.openbroker.gonka.gg/v1',
      keyPrefix: 'obk-',
      docsHost: 'openbroker.gonka.gg',
    },
  ].map((broker) => /* @__PURE__ */ Object.freeze(broker)),
)
