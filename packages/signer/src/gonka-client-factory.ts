import { GonkaClientError, GonkaError, type GonkaParticipant, parseAddress, parseHttpUrl } from '@gonka/protocol'
import { type ClientOptions, OpenAI } from 'openai'
import { createSigner } from './create-signer.ts'
import { createSigningFetch, type SigningFetchOptions } from './create-signing-fetch.ts'
import type { Signer } from './types.ts'

/** What a client needs to know of a participant: the address to sign for and the URL that ends in `/v1`. */
export type ClientParticipant = Pick<GonkaParticipant, 'address' | 'baseUrl'>

/** Options of `GonkaClientFactory`. */
export interface ClientFactoryOptions extends Pick<SigningFetchOptions, 'scheme' | 'fetch' | 'clock'> {
  /** Further options of every client: `timeout`, `maxRetries`, `defaultHeaders`, `logger`, … @default the SDK's defaults */
  readonly openai?: Omit<ClientOptions, 'apiKey' | 'adminAPIKey' | 'baseURL' | 'fetch'> | undefined
}

/** The SDK insists on a key. The signing fetch replaces the header that carries it, so this text never leaves the process. */
const UNUSED_API_KEY = 'signed-by-gonka'

/** What the SDK would take from `OPENAI_*` variables and send to a stranger's node, or keep. */
const NOTHING_FROM_ENVIRONMENT = { adminAPIKey: null, organization: null, project: null, webhookSecret: null } as const

/** The SDK adds the headers in `OPENAI_CUSTOM_HEADERS` to its own, and no option turns that off. They were meant for another
 * server, and may be secret. Clients made by `withOptions` are of this class, too. */
class SigningClient extends OpenAI {
  constructor(options: ClientOptions) {
    super(options)
    this._options = { ...this._options, defaultHeaders: options.defaultHeaders }
  }
}

/** Makes `OpenAI` clients whose requests are signed for one participant each. It and its clients show no key when inspected
 * or turned into JSON.
 * @example const factory = new GonkaClientFactory('00'.repeat(31) + '01')
 * const client = factory.createClient({
 *   address: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
 *   baseUrl: 'http://node1.example:8000/v1',
 * }) */
export class GonkaClientFactory {
  /** Account that signs and pays, `gonka1…`. */
  readonly requesterAddress: string
  readonly #signer: Signer
  readonly #options: ClientFactoryOptions

  /** @param privateKeyOrSigner - 64 hex digits with or without `0x`, or a signer.
   * @param options - Scheme, ports and options of the SDK.
   * @throws {GonkaClientError} `key-invalid` for a bad key, `client-invalid` for something that is no signer. */
  constructor(privateKeyOrSigner: string | Signer, options: ClientFactoryOptions = {}) {
    this.#signer =
      typeof privateKeyOrSigner === 'string' ? createSigner(privateKeyOrSigner) : checkSigner(privateKeyOrSigner)
    this.#options = options
    this.requesterAddress = this.#signer.address
  }

  /** Makes a client for one participant: signs every request for its address, and sends none to another host.
   * @param participant - Address and base URL.
   * @returns The official client; all of its features work.
   * @throws {GonkaClientError} With the code and `field` of what is wrong (`address-invalid`, `url-invalid`, …), or
   * `client-invalid` when the SDK refuses its options; the error underneath is the `cause`. */
  createClient(participant: ClientParticipant): OpenAI {
    try {
      return this.#createClient(participant)
    } catch (cause) {
      throw wrapFailure(cause, participant)
    }
  }

  #createClient(participant: ClientParticipant): OpenAI {
    const { openai, ...signing } = this.#options
    const transferAddress = parseAddress(participant?.address, 'participant.address')
    const baseURL = parseHttpUrl(participant.baseUrl, 'participant.baseUrl')
    const fetch = createSigningFetch({ ...signing, signer: this.#signer, transferAddress, origin: baseURL })
    return new SigningClient({ ...NOTHING_FROM_ENVIRONMENT, ...openai, apiKey: UNUSED_API_KEY, baseURL, fetch })
  }
}

function checkSigner(signer: Signer): Signer {
  if (typeof signer?.sign === 'function' && typeof signer.address === 'string') return signer
  throw new GonkaClientError(
    'client-invalid',
    'Expected a private key or a signer with an address and a sign function.',
    {
      field: 'privateKeyOrSigner',
    },
  )
}

function wrapFailure(cause: unknown, participant: ClientParticipant): GonkaClientError {
  const field = (cause as { field?: string }).field
  const code = cause instanceof GonkaError ? cause.code : 'client-invalid'
  const problem = cause instanceof GonkaError ? cause.message : 'the OpenAI SDK refused its options; see cause.'
  // An invalid address is not repeated: it may be anything, also a key in the wrong place.
  const participantAddress = field === 'participant.address' ? undefined : participant?.address
  return new GonkaClientError(code, `No client for this participant: ${problem}`, { participantAddress, field, cause })
}
