import { GonkaClientError, HEADERS, parseAddress } from '@gonka/protocol'
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64 } from './encode-bytes.ts'
import { normalizeSignature } from './normalize-signature.ts'
import { type SignatureInput, signatureInput } from './signature-input.ts'
import type { Signer } from './types.ts'

/** A request to sign, and who signs it. */
export interface SignRequestInput extends SignatureInput {
  /** Who signs and pays. */
  readonly signer: Signer
}

/** Signs one request: the three headers to send with exactly this body to exactly this participant, once.
 * Nodes refuse a signature that they have seen before, so every attempt needs a timestamp of its own.
 * @param input - Signer, body bytes, time, transfer address and scheme.
 * @returns `Authorization` (the bare base64 signature, 88 characters), `X-Requester-Address`, `X-Timestamp`.
 * @throws {GonkaConfigError} `address-invalid` for the transfer or the signer's address, `config-invalid` for the scheme.
 * @throws {GonkaClientError} `client-invalid` when the signer fails or gives something that is no signature.
 * @throws TypeError or RangeError when `timestampNs` is no bigint or does not fit into an int64, or `body` is neither text nor bytes.
 * @example const headers = await signRequest({
 *   signer: createSigner('00'.repeat(31) + '01'),
 *   body: '{"model":"m","messages":[]}',
 *   timestampNs: createSystemClock().nowNs(),
 *   transferAddress: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
 * })
 * @see Protocol reference, sections 1.2 and 1.3 */
export async function signRequest(input: SignRequestInput): Promise<Record<string, string>> {
  const { signer, timestampNs } = input
  const requesterAddress = parseAddress(signer.address, 'signer.address')
  const transferAddress = parseAddress(input.transferAddress, 'transferAddress')
  if (typeof timestampNs === 'bigint' && BigInt.asIntN(64, timestampNs) !== timestampNs) {
    throw new RangeError('timestampNs must fit into a signed 64-bit integer.')
  }
  const digest = sha256(signatureInput({ ...input, transferAddress }))
  return {
    [HEADERS.authorization]: encodeBase64(normalizeSignature(await askSigner(signer, digest))),
    [HEADERS.requesterAddress]: requesterAddress,
    [HEADERS.timestamp]: timestampNs.toString(),
  }
}

async function askSigner(signer: Signer, digest: Uint8Array): Promise<Uint8Array> {
  try {
    return await signer.sign(digest)
  } catch (cause) {
    throw new GonkaClientError('client-invalid', 'signer.sign failed; see cause.', { field: 'signer', cause })
  }
}
