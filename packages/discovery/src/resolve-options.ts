import { GonkaConfigError, parseAddress, parseHttpUrl } from '@gonka/protocol'
import { createAllowList } from './fetch-transfer-agents.ts'
import { sleep } from './sleep.ts'
import type { DiscoveryLogger, EndpointDiscoveryOptions, FetchLike, Sleep } from './types.ts'

/** Options after checks and defaults. */
export interface DiscoverySettings {
  readonly sourceUrls: readonly [string, ...string[]]
  readonly timeoutMs: number
  readonly retryCount: number
  readonly retryDelayMs: number
  readonly maxResponseBytes: number
  readonly allowPrivateHosts: boolean
  /** `chain`: ask the source that answered. Otherwise the rule itself; undefined lets everyone. */
  readonly transferAgents: 'chain' | ReadonlySet<string> | undefined
  readonly logger: DiscoveryLogger | undefined
  readonly fetch: FetchLike
  readonly now: () => number
  readonly random: () => number
  readonly sleep: Sleep
}

/** Timers of every platform hold at most this many milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Checks the options and fills in the defaults.
 * @throws {GonkaConfigError} `config-invalid`, `url-invalid`, `address-invalid` or `proof-unsupported`, with `field`. */
export function resolveOptions(options: EndpointDiscoveryOptions): DiscoverySettings {
  refuseProofs(options.verifyProofs)
  const { timeoutMs = 30_000, retryCount = 3, retryDelayMs = 1_000, maxResponseBytes = 8 * 1024 * 1024 } = options
  return {
    sourceUrls: parseSourceUrls(options),
    timeoutMs: checkInteger('timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS }),
    retryCount: checkInteger('retryCount', retryCount, { min: 0, max: 1_000 }),
    retryDelayMs: checkInteger('retryDelayMs', retryDelayMs, { min: 0, max: MAX_TIMER_MS }),
    maxResponseBytes: checkInteger('maxResponseBytes', maxResponseBytes, { min: 1, max: Number.MAX_SAFE_INTEGER }),
    allowPrivateHosts: options.allowPrivateHosts === true,
    transferAgents: parseTransferAgents(options.transferAgents),
    logger: options.logger,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: options.now ?? (() => Date.now()),
    random: options.random ?? (() => Math.random()),
    sleep: options.sleep ?? sleep,
  }
}

/** Anything but a plain no counts as asking for proofs: they must never be left out by accident. */
function refuseProofs(verifyProofs: unknown): void {
  if (verifyProofs === undefined || verifyProofs === false) return
  throw new GonkaConfigError(
    'proof-unsupported',
    'verifyProofs must be false: proof verification is not available yet, and an unproven list is never used in its place.',
    { field: 'verifyProofs' },
  )
}

function parseSourceUrls({ sourceUrl, sourceUrls = [] }: EndpointDiscoveryOptions): readonly [string, ...string[]] {
  if (!Array.isArray(sourceUrls)) throw invalid('sourceUrls', 'a list of URLs')
  const urls = sourceUrls.map((url: string, index) => parseSourceUrl(url, `sourceUrls[${index}]`))
  if (sourceUrl !== undefined) urls.unshift(parseSourceUrl(sourceUrl, 'sourceUrl'))
  const [first, ...rest] = new Set(urls)
  if (first === undefined)
    throw invalid('sourceUrls', 'at least one URL of a node; both sourceUrl and sourceUrls are empty')
  return Object.freeze([first, ...rest] as const)
}

/** Paths begin with /v1 or /chain-api, so a `/v1` out of habit would double it. */
function parseSourceUrl(url: string, field: string): string {
  return parseHttpUrl(url, field).replace(/\/v1$/, '')
}

function parseTransferAgents(addresses: readonly string[] | undefined): DiscoverySettings['transferAgents'] {
  if (addresses === undefined) return 'chain'
  if (!Array.isArray(addresses)) throw invalid('transferAgents', 'a list of addresses')
  return createAllowList(addresses.map((address: string, index) => parseAddress(address, `transferAgents[${index}]`)))
}

function checkInteger(field: string, value: number, { min, max }: { min: number; max: number }): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw invalid(field, `a whole number from ${min} to ${max}`)
}

function invalid(field: string, expected: string): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}.`, { field })
}
