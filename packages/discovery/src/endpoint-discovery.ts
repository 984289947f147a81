import { checkPlatform, GonkaNoParticipantsError, type GonkaParticipant, PATHS, untilAborted } from '@gonka/protocol'
import { type AskSource, askSources } from './ask-sources.ts'
import { checkInteger, MAX_TIMER_MS } from './check-option.ts'
import { createBundleReader, type FoundEpoch, type ReadBundle } from './create-bundle-reader.ts'
import { createNameCheck, type FindPrivateNames } from './create-name-check.ts'
import { describeRejections } from './describe-rejections.ts'
import { fetchJson } from './fetch-json.ts'
import { fetchTransferAgents } from './fetch-transfer-agents.ts'
import { type Epoch, parseEpoch } from './parse-epoch.ts'
import { type DiscoverySettings, resolveOptions } from './resolve-options.ts'
import { selectParticipants, selectPublicHosts } from './select-participants.ts'
import type { DiscoverOptions, DiscoveryResult, EndpointDiscoveryOptions } from './types.ts'

/** Finds the participants of an epoch by asking nodes, none of which is trusted to be up, quick or well-behaved; with
 * `verifyProofs`, none is trusted to be honest either. May be shared.
 * @example const discovery = new EndpointDiscovery({ sourceUrl: 'http://node1.example:8000' })
 * const { epochId, participants } = await discovery.discover() */
export class EndpointDiscovery {
  /** The source that is asked first. */
  readonly sourceUrl: string
  /** All sources, in the order they are asked; without trailing slashes and duplicates. */
  readonly sourceUrls: readonly string[]
  /** Whether lists must be proven. */
  readonly verifyProofs: boolean
  /** Limit of one request, in milliseconds. */
  readonly timeoutMs: number
  readonly #settings: DiscoverySettings
  readonly #read: ReadBundle
  readonly #findPrivateNames: FindPrivateNames

  /** @throws {MultiplexerError} `platform-unsupported` on a Node below 20.19.
   * @throws {GonkaConfigError} with `field`: `config-invalid` (also without any source), `url-invalid`, `address-invalid`. */
  constructor(options: EndpointDiscoveryOptions = {}) {
    checkPlatform('@gonka/discovery')
    this.#settings = resolveOptions(options)
    this.sourceUrls = this.#settings.sourceUrls
    this.sourceUrl = this.#settings.sourceUrls[0]
    this.#read = createBundleReader(this.#settings)
    this.#findPrivateNames = createNameCheck(this.#settings)
    this.verifyProofs = this.#settings.proof !== undefined
    this.timeoutMs = this.#settings.timeoutMs
  }

  /** Finds the participants of the epoch in force.
   * @throws {GonkaDiscoveryError} when no source gives a usable answer; `code` says why when all failed alike.
   * @throws {GonkaProofVerificationError} when a list is not proven; it is the `cause` when sources failed in different ways.
   * @throws {GonkaConfigError} `trust-store-invalid` when the trust store fails or is damaged.
   * @throws {GonkaNoParticipantsError} when nobody is left to send requests to; the message counts the reasons.
   * @example const { participants } = await discovery.discover({ signal: AbortSignal.timeout(60_000) }) */
  async discover(options: DiscoverOptions = {}): Promise<DiscoveryResult> {
    return this.discoverForEpoch('current', options)
  }

  /** Finds the participants of one epoch.
   * @param epoch - `current`, or a whole number >= 1; nodes know no `next`.
   * @throws {GonkaDiscoveryError} `epoch-invalid` before any request; otherwise as `discover`.
   * @throws {GonkaNoParticipantsError} as `discover`.
   * @example const { participants } = await discovery.discoverForEpoch(42) */
  async discoverForEpoch(epoch: string | number, options: DiscoverOptions = {}): Promise<DiscoveryResult> {
    const requested = parseEpoch(epoch)
    return this.#ask(options, async (sourceUrl, signal) => {
      const bundle = await this.#fetchBundle(sourceUrl, requested, signal)
      return this.#select(sourceUrl, bundle, signal)
    })
  }

  /** Asks which epoch is in force.
   * @returns The epoch, >= 1.
   * @throws {GonkaDiscoveryError} as `discover`.
   * @example const epochId = await discovery.getCurrentEpoch() */
  async getCurrentEpoch(options: DiscoverOptions = {}): Promise<number> {
    const bundle = await this.#ask(options, (sourceUrl, signal) => this.#fetchBundle(sourceUrl, 'current', signal))
    return bundle.epochId
  }

  /** Applies the rule about private hosts to participants that are known from elsewhere, such as a stored list, and looks their
   * names up anew: what was public when it was stored may lead inside by now. A name that does not resolve, or not in time, is
   * what its last answer said; without one its participant stays. Nothing can be sent there while it does not resolve, and one
   * that resolves later can change later as well; refusing would lose everybody whenever DNS is down.
   * @param participants - Checked ones, as `createParticipant` makes them.
   * @returns All of them with `allowPrivateHosts`. Otherwise those that are not known to be at private hosts, and the others with
   * `host-refused` or `host-resolves-private`.
   * @throws {GonkaConfigError} `config-invalid`, field `resolveHost`, when that gives anything but IP addresses.
   * @throws `signal.reason` when the signal aborts.
   * @example const { participants, rejected } = await discovery.selectPublic(stored.participants) */
  async selectPublic(
    participants: readonly GonkaParticipant[],
    { signal }: Pick<DiscoverOptions, 'signal'> = {},
  ): Promise<Pick<DiscoveryResult, 'participants' | 'rejected'>> {
    if (this.#settings.allowPrivateHosts) return { participants, rejected: [] }
    return selectPublicHosts(participants, (names) => this.#findPrivateNames(names, signal))
  }

  #ask<T>({ signal, deadlineMs }: DiscoverOptions, ask: AskSource<T>): Promise<T> {
    if (deadlineMs !== undefined) checkInteger('deadlineMs', deadlineMs, { min: 1, max: MAX_TIMER_MS })
    // Ports that ignore their signal, such as a store or a sleep, must not keep the caller waiting.
    return untilAborted(askSources(this.sourceUrls, ask, { ...this.#settings, deadlineMs, signal }), signal)
  }

  async #fetchBundle(sourceUrl: string, epoch: Epoch, signal: AbortSignal | undefined): Promise<FoundEpoch> {
    const path = PATHS.participants(String(epoch))
    const json = await fetchJson({ sourceUrl, path }, { ...this.#settings, signal })
    return this.#read(json, { sourceUrl, epoch, signal })
  }

  async #select(sourceUrl: string, bundle: FoundEpoch, signal: AbortSignal | undefined): Promise<DiscoveryResult> {
    const { transferAgents: configured, allowPrivateHosts } = this.#settings
    const transferAgents =
      configured === 'chain' ? await fetchTransferAgents(sourceUrl, { ...this.#settings, signal }) : configured
    const { participants, rejected } = await selectParticipants(bundle, {
      transferAgents,
      findPrivateNames: allowPrivateHosts ? undefined : (names) => this.#findPrivateNames(names, signal),
    })
    const { epochId, trust, provenBy } = bundle
    if (participants.length === 0) {
      const message = `${sourceUrl} names nobody in epoch ${epochId} that requests can be sent to: ${describeRejections(rejected)}.`
      throw new GonkaNoParticipantsError(message, { epoch: String(epochId), sourceUrl })
    }
    return { epochId, participants, sourceUrl, trust, provenBy, rejected }
  }
}
