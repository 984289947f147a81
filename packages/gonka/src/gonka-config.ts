import type { Trust, TrustStore } from '@gonka/discovery'
import { GonkaConfigError, type GonkaParticipant } from '@gonka/protocol'
import type { ParticipantStore } from '@gonka/refresh'
import type { SignatureScheme, Signer } from '@gonka/signer'
import type { GonkaBroker } from './brokers/gonka-broker.ts'
import { resolveBrokers } from './brokers/resolve-brokers.ts'
import { type GonkaConfigOptions, type GonkaEnvironment, mergeOptions } from './config-options.ts'
import { nameVariable, processEnvironment, readEnvironment } from './read-environment.ts'
import { resolveEndpoints, resolveSourceUrls } from './resolve-endpoints.ts'
import { resolveProofs } from './resolve-proofs.ts'
import { resolveSigner } from './resolve-signer.ts'
import { resolveParticipantStore } from './resolve-store.ts'
import { parsePlainFields } from './schemas.ts'

/** Checked settings of a Gonka network: options over environment over defaults. It holds no private key, and showing it
 * (`console.log`, JSON) shows only the requester's address and the brokers' hosts.
 * @example
 * const config = new GonkaConfig({
 *   privateKey: '00'.repeat(31) + '01',
 *   sourceUrl: 'http://node1.example:8000',
 * })
 * const fromEnvironment = new GonkaConfig({}, { env: { GONKA_PRIVATE_KEY: '…', GONKA_SOURCE_URL: '…' } }) */
export class GonkaConfig implements GonkaConfigOptions {
  /** Account that requests are signed for; undefined when there are only brokers and no key. */
  readonly requesterAddress: string | undefined
  /** Nodes that are asked for the participants, in this order; may be empty. */
  readonly sourceUrls: readonly string[]
  /** Participants configured by hand; may be empty. */
  readonly endpoints: readonly GonkaParticipant[]
  /** Brokers; may be empty. */
  readonly brokers: readonly GonkaBroker[]
  /** The account that replaces the key's own; undefined when none does. */
  readonly address: string | undefined
  /** Whether lists of participants must be proven. */
  readonly verifyProofs: boolean
  /** Where trust in headers comes from; undefined when nothing says. */
  readonly trust: Trust | undefined
  /** The chain's id; undefined when nothing says. */
  readonly chainId: string | undefined
  /** Whether the participants are kept current in the background. */
  readonly refreshEnabled: boolean
  /** Time between refreshes, in milliseconds. */
  readonly refreshIntervalMs: number
  /** Most requests in flight at once per participant; undefined is no limit. */
  readonly defaultMaxConcurrent: number | undefined
  /** Whether the participants are used only when no member of tier 0 can serve. */
  readonly registerAsFallback: boolean
  /** Goes before the address in member names. */
  readonly modelNamePrefix: string
  /** Whether participants at loopback, private and link-local hosts are accepted. */
  readonly allowPrivateHosts: boolean
  /** Version of the signed bytes. */
  readonly scheme: SignatureScheme
  readonly #verifyProofsGiven: boolean | undefined
  readonly #signer: Signer | undefined
  readonly #trustStore: TrustStore | undefined
  readonly #participantStore: ParticipantStore | undefined

  /** @param options - See `GonkaConfigOptions`.
   * @param context.env - Environment variables. @default the process's, where there is one
   * @throws {GonkaConfigError} with `field`: `key-invalid`, `address-invalid`, `url-invalid`, `endpoint-invalid`,
   * `config-invalid` (also with neither a source, nor endpoints, nor brokers, and for proofs without `trust` or `chainId`). */
  constructor(options: GonkaConfigOptions = {}, context: { env?: GonkaEnvironment | undefined } = {}) {
    const environment = readEnvironment(context.env ?? processEnvironment())
    const merged = mergeOptions(options, environment)
    try {
      const fields = parsePlainFields(merged)
      this.sourceUrls = resolveSourceUrls(merged)
      this.endpoints = resolveEndpoints(merged)
      this.brokers = resolveBrokers(merged)
      const signed = this.sourceUrls.length + this.endpoints.length
      requireSomewhere(signed + this.brokers.length)
      // Brokers take keys of their own: without anybody to sign for, no private key is asked for.
      this.#signer = resolveSigner(merged, { required: signed > 0 })
      this.requesterAddress = this.#signer?.address
      this.address = merged.address === undefined ? undefined : this.#signer?.address
      const proofs = resolveProofs(merged)
      this.verifyProofs = proofs.verifyProofs
      this.#verifyProofsGiven = merged.verifyProofs as boolean | undefined
      this.trust = proofs.trust
      this.chainId = proofs.chainId
      this.#trustStore = proofs.trustStore
      this.#participantStore = resolveParticipantStore(merged)
      this.refreshEnabled = fields.refreshEnabled
      this.refreshIntervalMs = fields.refreshIntervalMs
      this.defaultMaxConcurrent = fields.defaultMaxConcurrent
      this.registerAsFallback = fields.registerAsFallback
      this.modelNamePrefix = fields.modelNamePrefix
      this.allowPrivateHosts = fields.allowPrivateHosts
      this.scheme = fields.scheme
    } catch (error) {
      throw nameVariable(error, merged, environment)
    }
  }

  /** The node that is asked first; undefined when there are only endpoints. */
  get sourceUrl(): string | undefined {
    return this.sourceUrls[0]
  }

  /** `verifyProofs` as it was given; undefined when it only follows from whether there is a `trust`. */
  get verifyProofsGiven(): boolean | undefined {
    return this.#verifyProofsGiven
  }

  /** Remembers what was proven; undefined means memory. */
  get trustStore(): TrustStore | undefined {
    return this.#trustStore
  }

  /** Keeps the last good list of participants; undefined when nothing does. */
  get participantStore(): ParticipantStore | undefined {
    return this.#participantStore
  }

  /** Signs for `requesterAddress`; undefined when there are only brokers and no key. */
  get signer(): Signer | undefined {
    return this.#signer
  }
}

function requireSomewhere(count: number): void {
  if (count > 0) return
  const message =
    'sourceUrl, endpoints or brokers is required: pass one, or set GONKA_SOURCE_URL, GONKA_ENDPOINTS or GONKA_BROKERS.'
  throw new GonkaConfigError('config-invalid', message, { field: 'sourceUrl' })
}
