import { gonkaAddress } from '@gonka/signer'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { Ed25519Signer } from './consensus/sign-ed25519.ts'

/** An account's keys. */
export interface AccountKeys {
  readonly privateKey: string
  readonly publicKey: Uint8Array
  readonly address: string
}

/** 32 bytes that depend on the seed and the label alone. */
export function deriveBytes(seed: string, label: string): Uint8Array {
  return sha256(utf8ToBytes(JSON.stringify([seed, label])))
}

/** A whole number from `min` to `max`, both included. */
export function deriveInteger(bytes: Uint8Array, min: number, max: number): number {
  const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return min + (word % (max - min + 1))
}

/** A secp256k1 account. A hash is a valid key unless it is 0 or at least the curve's order: once in 2^127. */
export function deriveAccountKeys(seed: string, label: string): AccountKeys {
  const secret = deriveBytes(seed, label)
  const publicKey = secp256k1.getPublicKey(secret, true)
  return { privateKey: bytesToHex(secret), publicKey, address: gonkaAddress(publicKey) }
}

/** The public half of an ed25519 consensus key, 32 bytes. */
export function deriveValidatorKey(seed: string, label: string): Uint8Array {
  return new Ed25519Signer(deriveBytes(seed, label)).publicKey
}

/** Consensus address as the API shows it: 40 upper-case hex digits.
 * @see Protocol reference, section 2 */
export function consensusAddress(validatorKey: Uint8Array): string {
  return bytesToHex(sha256(validatorKey).subarray(0, 20)).toUpperCase()
}

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
