import { formatAddress } from '@gonka/protocol'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'

const COMPRESSED_BYTES = 33
const UNCOMPRESSED_BYTES = 65

/** Derives the Gonka account address of a secp256k1 public key.
 * @param publicKey - SEC1 point: 33 bytes compressed or 65 bytes uncompressed.
 * @returns `gonka1…`, 44 characters; the same for both forms of one key.
 * @throws TypeError when `publicKey` is not a `Uint8Array`.
 * @throws RangeError when it has another length or is no point of the curve.
 * @example const publicKey = new Uint8Array(33) // from a KMS, a wallet, …
 * const address = gonkaAddress(publicKey)
 * @see Protocol reference, section 2 */
export function gonkaAddress(publicKey: Uint8Array): string {
  return formatAddress(ripemd160(sha256(compress(publicKey))))
}

function compress(publicKey: Uint8Array): Uint8Array {
  if (!(publicKey instanceof Uint8Array)) throw new TypeError('publicKey must be a Uint8Array.')
  if (publicKey.length !== COMPRESSED_BYTES && publicKey.length !== UNCOMPRESSED_BYTES) {
    throw new RangeError(
      `publicKey must have ${COMPRESSED_BYTES} or ${UNCOMPRESSED_BYTES} bytes; got ${publicKey.length}.`,
    )
  }
  if (!secp256k1.utils.isValidPublicKey(publicKey)) throw new RangeError('publicKey must be a point of secp256k1.')
  return secp256k1.Point.fromBytes(publicKey).toBytes(true)
}
