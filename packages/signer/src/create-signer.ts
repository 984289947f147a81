import { checkPlatform, GonkaClientError } from '@gonka/protocol'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { decodeHex } from './encode-bytes.ts'
import { gonkaAddress } from './gonka-address.ts'
import type { Signer } from './types.ts'

const KEY_DIGITS = 64
const DIGEST_BYTES = 32

/** Makes a signer from a private key. The key lives in a closure: no property, inspection, JSON, error or log shows it.
 * @param privateKeyHex - 64 hex digits, with or without `0x`; a number from 1 to n - 1.
 * @returns A frozen signer whose signatures are deterministic (RFC 6979) and low-S. Its `sign` rejects with RangeError
 * when the digest is not 32 bytes long.
 * @throws {MultiplexerError} `platform-unsupported` on a Node below 20.19.
 * @throws {GonkaClientError} `key-invalid` with `field: 'privateKey'`; the message repeats nothing of the input.
 * @example const signer = createSigner('00'.repeat(31) + '01')
 * signer.address // 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6' */
export function createSigner(privateKeyHex: string): Signer {
  checkPlatform('@gonka/signer')
  const privateKey = parsePrivateKey(privateKeyHex)
  const address = gonkaAddress(secp256k1.getPublicKey(privateKey))
  const sign = async (digest: Uint8Array): Promise<Uint8Array> => {
    checkDigest(digest)
    return secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'compact' })
  }
  return Object.freeze({ address, sign })
}

function parsePrivateKey(text: string): Uint8Array {
  if (typeof text !== 'string') throw invalidKey(`it is of type ${typeof text}`)
  const digits = text.replace(/^0x/i, '')
  if (digits.length !== KEY_DIGITS) throw invalidKey(`it has ${digits.length} characters`)
  if (!/^[0-9a-f]+$/i.test(digits)) throw invalidKey('it has characters that are not hex digits')
  const bytes = decodeHex(digits)
  if (!secp256k1.utils.isValidSecretKey(bytes)) throw invalidKey('it is zero or not below the order of the curve')
  return bytes
}

function invalidKey(problem: string): GonkaClientError {
  return new GonkaClientError(
    'key-invalid',
    `privateKey must be ${KEY_DIGITS} hex digits, with or without 0x: ${problem}.`,
    { field: 'privateKey' },
  )
}

function checkDigest(digest: Uint8Array): void {
  if (digest instanceof Uint8Array && digest.length === DIGEST_BYTES) return
  throw new RangeError(`digest must be a Uint8Array of ${DIGEST_BYTES} bytes; got ${digest?.length ?? 'no'} bytes.`)
}
