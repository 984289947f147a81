import { parseAddress } from '@gonka/protocol'
import { checkInteger, invalid, MAX_TIMER_MS } from './check-option.ts'
import { createAllowList } from './fetch-transfer-agents.ts'
import { findHostResolver } from './find-host-resolver.ts'
import { parseNodeUrl } from './parse-trust.ts'
import { type ProofSettings, resolveProofOptions } from './resolve-proof-options.ts'
import { sleep } from './sleep.ts'
import type { DiscoveryLogger, EndpointDiscoveryOptions, FetchLike, ResolveHost, Sleep } from './types.ts'

/** Options after checks and defaults. */
export interface DiscoverySettings {
  readonly sourceUrls: readonly [string, ...string[]]
  /** undefined: lists need not be proven. */
  readonly proof: ProofSettings | undefined
  readonly timeoutMs: number
  readonly retryCount: number
  readonly retryDelayMs: number
  readonly maxResponseBytes: number
  readonly allowPrivateHosts: boolean
  /** `chain`: ask the source that answered. Otherwise the rule itself; undefined lets everyone. */
  readonly transferAgents: 'chain' | ReadonlySet<string> | undefined
  /** undefined: the platform cannot look names up. */
  readonly resolveHost: ResolveHost | undefined
  readonly logger: DiscoveryLogger | undefined
  readonly fetch: FetchLike
  readonly now: () => number
  readonly random: () => number
  readonly sleep: Sleep
}

/** Checks the options and fills in the defaults.
 * @throws {GonkaConfigError} `config-invalid`, `url-invalid` or `address-invalid`, with `field`. */
export function resolveOptions(options: EndpointDiscoveryOptions): DiscoverySettings {
  const sourceUrls = parseSourceUrls(options)
  const { timeoutMs = 30_000, retryCount = 3, retryDelayMs = 1_000, maxResponseBytes = 8 * 1024 * 1024 } = options
  return {
    sourceUrls,
    proof: resolveProofOptions(options, sourceUrls),
    timeoutMs: checkInteger('timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS }),
    retryCount: checkInteger('retryCount', retryCount, { min: 0, max: 1_000 }),
    retryDelayMs: checkInteger('retryDelayMs', retryDelayMs, { min: 0, max: MAX_TIMER_MS }),
    maxResponseBytes: checkInteger('maxResponseBytes', maxResponseBytes, { min: 1, max: Number.MAX_SAFE_INTEGER }),
    allowPrivateHosts: options.allowPrivateHosts === true,
    transferAgents: parseTransferAgents(options.transferAgents),
    resolveHost: parseResolveHost(options.resolveHost),
    logger: containLogger(options.logger),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: options.now ?? (() => Date.now()),
    random: options.random ?? (() => Math.random()),
    sleep: options.sleep ?? sleep,
  }
}

/** A logger that throws or rejects must not end the search, nor the process: there is nowhere left to say so. */
function containLogger(logger: DiscoveryLogger | undefined): DiscoveryLogger | undefined {
  if (!logger) return undefined
  return {
    warn(message, details) {
      const write = async (): Promise<void> => logger.warn(message, details)
      write().catch(() => undefined)
    },
  }
}

function parseSourceUrls({ sourceUrl, sourceUrls = [] }: EndpointDiscoveryOptions): readonly [string, ...string[]] {
  if (!Array.isArray(sourceUrls)) throw invalid('sourceUrls', 'a list of URLs')
  const urls = sourceUrls.map((url: string, index) => parseNodeUrl(url, `sourceUrls[${index}]`))
  if (sourceUrl !== undefined) urls.unshift(parseNodeUrl(sourceUrl, 'sourceUrl'))
  const [first, ...rest] = new Set(urls)
  if (first === undefined)
    throw invalid('sourceUrls', 'at least one URL of a node; both sourceUrl and sourceUrls are empty')
  return Object.freeze([first, ...rest] as const)
}

function parseTransferAgents(addresses: readonly string[] | undefined): DiscoverySettings['transferAgents'] {
  if (addresses === undefined) return 'chain'
  if (!Array.isArray(addresses)) throw invalid('transferAgents', 'a list of addresses')
  return createAllowList(addresses.map((address: string, index) => parseAddress(address, `transferAgents[${index}]`)))
}

function parseResolveHost(resolveHost: ResolveHost | undefined): ResolveHost | undefined {
  if (resolveHost === undefined) return findHostResolver()
  if (typeof resolveHost !== 'function') throw invalid('resolveHost', 'a function from a host name to IP addresses')
  return resolveHost
}
