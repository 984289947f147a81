import { untilAborted } from '@gonka/protocol'
import { askWitnesses } from './ask-witnesses.ts'
import { equalBytes } from './bytes.ts'
import { checkHeader } from './check-header.ts'
import { refusal } from './errors.ts'
import { fetchSignedHeader } from './fetch-light-block.ts'
import { hashHeader } from './hash-header.ts'
import {
  type Height,
  type LightClientOptions,
  parseHeight,
  type ResolvedOptions,
  resolveOptions,
} from './resolve-options.ts'
import { skipForward } from './skip-forward.ts'
import { TrustedChain } from './trusted-chain.ts'
import { checkTrustedState } from './trusted-state.ts'
import type { CallOptions, TrustedState } from './types.ts'
import { checkClock, checkClockForward, isExpired, verifyLightBlock } from './verify-light-block.ts'
import { walkBack } from './walk-back.ts'

/** Length of an application hash of the Cosmos SDK; anything else is no root of a proof. */
const APP_HASH_BYTES = 32

/** Follows a chain from one header that the caller trusts, with nothing but untrusted nodes.
 *
 * Calls may run at the same time. Nothing that a node says is kept before it is verified and the witnesses agree.
 * @example
 * const client = new LightClient({ chainId, trust: { height, hash }, trustingPeriodMs, primary, witnesses })
 * const { header } = await client.headerAt(5_316_316) */
export class LightClient {
  readonly #options: ResolvedOptions
  readonly #chain = new TrustedChain()
  #saving: Promise<void> = Promise.resolve()

  /** @param options - See {@link LightClientOptions}.
   * @throws {TypeError | RangeError} naming the option at fault. @throws {GonkaConfigError} `url-invalid`.
   * @throws {GonkaProofVerificationError} `witness-missing`, `trust-level-invalid`. */
  constructor(options: LightClientOptions) {
    this.#options = resolveOptions(options)
  }

  /** Gives the header of a height once it is trusted: from memory, by skipping forwards, or backwards by hash links.
   * @param height - The height, or `latest` for the newest that the primary has; never below one already trusted.
   * @returns The header with its hash.
   * @throws {GonkaProofVerificationError} Never an unverified header: see the table of codes in the README.
   * @throws {GonkaDiscoveryError} when a node cannot be asked; `signal.reason` on abort; what the store throws.
   * @example const { header } = await client.headerAt(101n, { signal: AbortSignal.timeout(60_000) }) */
  async headerAt(height: Height | 'latest', options: CallOptions = {}): Promise<TrustedState> {
    options.signal?.throwIfAborted()
    const latest = await this.#start(options)
    checkClockForward({ ...this.#options, trusted: latest, now: this.#options.now() })
    const target = height === 'latest' ? await this.#latestHeight(latest, options) : parseHeight(height)
    const known = this.#chain.at(target)
    if (known) return known
    // Only a stored state can have none below it: the header that trust began with may be nearer.
    const hasAnchor = this.#chain.below(target) ?? this.#chain.at(this.#options.trustHeight)
    if (!hasAnchor) this.#chain.add(await this.#fetchAnchor(options))
    return this.#chain.at(target) ?? (await this.#reach(target, latest, options))
  }

  /** Takes up the stored state, or begins with the header that the caller trusts. */
  async #start(options: CallOptions): Promise<TrustedState> {
    if (this.#chain.latest) return this.#chain.latest
    const state = (await this.#loadState(options)) ?? (await this.#fetchAnchor(options))
    this.#chain.add(state)
    return this.#chain.latest ?? state
  }

  /** The stored state, if its trust stems from the same header: another network may have the same chain id. */
  async #loadState({ signal }: CallOptions): Promise<TrustedState | undefined> {
    const { store, trustHash } = this.#options
    const stored = await untilAborted(store.load(), signal)
    if (!stored) return undefined
    checkTrustedState(stored)
    if (!equalBytes(stored.anchorHash, trustHash) && !equalBytes(stored.hash, trustHash)) return undefined
    this.#check(stored)
    return { ...stored, anchorHash: trustHash }
  }

  async #fetchAnchor(options: CallOptions): Promise<TrustedState> {
    const { primary, trustHeight, trustHash } = this.#options
    const { header } = await fetchSignedHeader(primary, trustHeight, options)
    const hash = hashHeader(header)
    if (!equalBytes(hash, trustHash)) {
      throw refusal('header-hash-mismatch', `The primary has another header at the trusted height ${trustHeight}.`, {
        expectedHash: trustHash,
        computedHash: hash,
      })
    }
    const state = { header, hash, anchorHash: hash }
    this.#check(state)
    return state
  }

  async #latestHeight({ header: trusted }: TrustedState, options: CallOptions): Promise<bigint> {
    const { header } = await fetchSignedHeader(this.#options.primary, 'latest', options)
    if (header.height <= trusted.height) return trusted.height
    return header.height
  }

  async #reach(target: bigint, latest: TrustedState, options: CallOptions): Promise<TrustedState> {
    const below = this.#chain.below(target)
    const above = this.#chain.above(target)
    const isTooOld = (trusted: TrustedState): boolean =>
      isExpired({ ...this.#options, trusted, now: this.#options.now() })
    if (below && !(above && isTooOld(below))) return this.#skipForward(below, target, options)
    return this.#walkBack(above ?? latest, target, options)
  }

  async #skipForward(from: TrustedState, target: bigint, { signal }: CallOptions): Promise<TrustedState> {
    const { now, primary: source, maxBisections } = this.#options
    // Before anything is fetched: an old basis makes every answer useless.
    checkClock({ ...this.#options, trusted: from, now: now() })
    const verify: Parameters<typeof skipForward>[2]['verify'] = (trusted, untrusted) =>
      verifyLightBlock({ ...this.#options, trusted, untrusted, now: now() })
    const reached = await skipForward(from, target, { source, maxBisections, signal, verify })
    this.#check(reached)
    await askWitnesses(reached, { ...this.#options, signal })
    this.#chain.add(reached)
    await untilAborted(this.#save(reached), signal)
    return reached
  }

  async #walkBack(from: TrustedState, target: bigint, { signal }: CallOptions): Promise<TrustedState> {
    const { primary: source, maxBackwardSteps } = this.#options
    const reached = await walkBack(from, target, { source, maxBackwardSteps, signal })
    this.#check(reached)
    this.#chain.add(reached)
    return reached
  }

  #check({ header }: TrustedState): void {
    checkHeader(header, this.#options.chainId)
    const { length } = header.appHash
    if (length === APP_HASH_BYTES) return
    throw refusal('header-invalid', `header.appHash must have ${APP_HASH_BYTES} bytes; got ${length}.`)
  }

  /** One save after the other, so that an older state never overwrites a newer one. */
  #save(reached: TrustedState): Promise<void> {
    const save = async (): Promise<void> => this.#options.store.save(this.#chain.latest ?? reached)
    this.#saving = this.#saving.then(save, save)
    return this.#saving
  }
}
