import { GonkaConfigError } from '@gonka/protocol'
import { checkInteger, invalid } from './check-option.ts'
import { createMemoryTrustStore } from './memory-trust-store.ts'
import { parseTrust } from './parse-trust.ts'
import type { EndpointDiscoveryOptions, Trust, TrustStore } from './types.ts'

/** What proofs are checked against, after checks and defaults. */
export interface ProofSettings {
  readonly chainId: string
  readonly trust: Trust
  readonly trustStore: TrustStore
  readonly trustingPeriodMs: number
  readonly maxAgeMs: number
  readonly maxClockDriftMs: number
}

const HOUR_MS = 3_600_000
const MAX_CHAIN_ID_LENGTH = 50

/** Checks the options about proofs and fills in the defaults.
 * @param sourceUrls - The sources, checked.
 * @returns undefined when lists need not be proven.
 * @throws {GonkaConfigError} `config-invalid` or `url-invalid`, with `field`. */
export function resolveProofOptions(
  options: EndpointDiscoveryOptions,
  sourceUrls: readonly string[],
): ProofSettings | undefined {
  if (!parseVerifyProofs(options)) return undefined
  const { trustStore = createMemoryTrustStore(), trustingPeriodMs = 36 * HOUR_MS, maxAgeMs = 25 * HOUR_MS } = options
  const { maxClockDriftMs = 10_000 } = options
  if (options.trust === undefined) {
    throw missing('trust', "a header, { height, hash }; nodes to agree with, { witnesses, quorum }; or 'first-use'")
  }
  const trust = parseTrust(options.trust)
  checkQuorum(trust, sourceUrls)
  return {
    chainId: parseChainId(options.chainId),
    trust,
    trustStore: checkTrustStore(trustStore),
    trustingPeriodMs: checkInteger('trustingPeriodMs', trustingPeriodMs, { min: 1, max: Number.MAX_SAFE_INTEGER }),
    maxAgeMs: checkInteger('maxAgeMs', maxAgeMs, { min: 1, max: Number.MAX_SAFE_INTEGER }),
    maxClockDriftMs: checkInteger('maxClockDriftMs', maxClockDriftMs, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  }
}

/** Who names a trust means it to be used. */
function parseVerifyProofs({ verifyProofs, trust }: EndpointDiscoveryOptions): boolean {
  const wanted = verifyProofs ?? trust !== undefined
  if (typeof wanted === 'boolean' && verifyProofs !== null) return wanted
  throw invalid('verifyProofs', 'true or false')
}

function parseChainId(chainId: string | undefined): string {
  if (chainId === undefined) throw missing('chainId', "the chain's id, such as gonka-mainnet")
  if (typeof chainId === 'string' && chainId !== '' && chainId.length <= MAX_CHAIN_ID_LENGTH) return chainId
  throw invalid('chainId', `a text of 1 to ${MAX_CHAIN_ID_LENGTH} characters, such as gonka-mainnet`)
}

/** A node does not vouch for itself, so each source needs a quorum among the others. */
function checkQuorum(trust: Trust, sourceUrls: readonly string[]): void {
  if (trust === 'first-use' || !('witnesses' in trust)) return
  const { witnesses, quorum } = trust
  const alone = sourceUrls.find((sourceUrl) => witnesses.filter((url) => url !== sourceUrl).length < quorum)
  if (alone === undefined) return
  throw invalid(
    'trust.quorum',
    `at most the number of witnesses other than the source, ${alone}, which cannot vouch for itself`,
  )
}

function checkTrustStore(store: TrustStore): TrustStore {
  if (typeof store?.load === 'function' && typeof store.save === 'function') return store
  throw invalid('trustStore', 'an object with load() and save(text)')
}

function missing(field: string, what: string): GonkaConfigError {
  const message = `${field} is required to verify proofs: give ${what}. Or set verifyProofs to false, to use unproven lists.`
  return new GonkaConfigError('config-invalid', message, { field })
}
