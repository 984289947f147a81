import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** A signed request as a node sees it. */
export interface SignedRequest {
  /** The value of `Authorization`: base64 of r and s, 32 bytes each. */
  readonly authorization: string
  /** The body's bytes as received. */
  readonly body: Uint8Array
  /** `X-Timestamp`, nanoseconds; contributes nothing to the signed bytes when <= 0. */
  readonly timestampNs: bigint
  /** Address of the participant that the request was signed for. */
  readonly transferAddress: string
  /** Compressed public key of the requester, 33 bytes. */
  readonly publicKey: Uint8Array
  /** `v1` signs the body, `v2` the hex of its sha256. */
  readonly scheme: 'v1' | 'v2'
}

const SIGNATURE_BYTES = 64

/** Checks a request's signature as nodes do. Written apart from `@gonka/signer`, so that a mistake there shows here.
 * @returns undefined when the signature is right, else the node's text: `invalid signature`, or what is wrong with the base64.
 * @example const problem = verifyRequestSignature({
 *   authorization: 'AAAA',
 *   body: new Uint8Array(),
 *   timestampNs: 1_767_225_600_000_000_000n,
 *   transferAddress: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
 *   publicKey: new Uint8Array(33),
 *   scheme: 'v2',
 * }) // 'invalid signature'
 * @see Protocol reference, sections 1.1 and 1.2 */
export function verifyRequestSignature(request: SignedRequest): string | undefined {
  const position = findIllegalBase64(request.authorization)
  if (position !== undefined) return `illegal base64 data at input byte ${position}`
  const signature = Uint8Array.from(Buffer.from(request.authorization, 'base64'))
  if (signature.length !== SIGNATURE_BYTES) return 'invalid signature'
  return isValid(signature, request) ? undefined : 'invalid signature'
}

function isValid(signature: Uint8Array, request: SignedRequest): boolean {
  try {
    // cosmos-sdk refuses high s; so does noble with lowS.
    return secp256k1.verify(signature, signedBytes(request), request.publicKey, { lowS: true })
  } catch {
    return false
  }
}

function signedBytes({ body, timestampNs, transferAddress, scheme }: SignedRequest): Uint8Array {
  const payload = scheme === 'v1' ? body : utf8ToBytes(bytesToHex(sha256(body)))
  return concatBytes(payload, utf8ToBytes(`${timestampNs > 0n ? timestampNs : ''}${transferAddress}`))
}

/** Where padded standard base64 stops being that, counted as Go's decoder counts; undefined when it is fine. */
function findIllegalBase64(text: string): number | undefined {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0
  const inQuantum = digits % 4
  if (digits === text.length) return inQuantum === 0 ? undefined : digits - inQuantum
  if (text[digits] !== '=' || inQuantum < 2) return digits
  const end = digits + 4 - inQuantum
  if (text.length < end) return text.length
  if (text[end - 1] !== '=') return digits
  return text.length > end ? end : undefined
}
