import type { GonkaParticipant } from '@gonka/protocol'
import { type Clock, createSigningFetch, type FetchLike, type SignatureScheme, type Signer } from '@gonka/signer'
import type { HttpUpstream } from '@multiplexer/core/router'

/** Options of `createSigningClientFactory`. */
export interface SigningClientFactoryOptions {
  /** Who signs and pays. */
  readonly signer: Signer
  /** Version of the signed bytes. @default 'v2' */
  readonly scheme?: SignatureScheme | undefined
  /** Sends the signed requests. @default the platform's `fetch` */
  readonly fetch?: FetchLike | undefined
  /** Source of timestamps, shared by all participants. @default the one that all signing fetches of the process share */
  readonly clock?: Clock | undefined
}

/** A factory whose upstreams are a URL and a signing fetch: no SDK between the multiplexer and the participant. */
export interface SigningClientFactory {
  /** Account that signs and pays for the requests. */
  readonly requesterAddress: string
  /** Makes the upstream of one participant; it signs for that participant's origin only.
   * @throws {GonkaConfigError} `address-invalid` or `url-invalid`. */
  createClient(participant: GonkaParticipant): HttpUpstream
}

/** Makes the client factory that `ModelRegistrar` works with by default.
 * @throws {GonkaClientError} `client-invalid`, from `createClient`, when the signer is none.
 * @example const factory = createSigningClientFactory({ signer: createSigner('00'.repeat(31) + '01') })
 * const registrar = new ModelRegistrar(factory) */
export function createSigningClientFactory(options: SigningClientFactoryOptions): SigningClientFactory {
  return {
    requesterAddress: options.signer.address,
    createClient: ({ address, baseUrl }) => ({
      baseURL: baseUrl,
      fetch: createSigningFetch({ ...options, transferAddress: address, origin: new URL(baseUrl).origin }),
    }),
  }
}
