import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes, toHex } from './bytes.ts'
import type { Ed25519Input, Ed25519Verify } from './types.ts'

/** The part of `node:crypto` that is used; this package is built without Node's types. */
interface NodeCrypto {
  createPublicKey(input: { key: Uint8Array; format: 'der'; type: 'spki' }): unknown
  verify(algorithm: null, message: Uint8Array, key: unknown, signature: Uint8Array): boolean
}

/** What comes before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const SPKI_PREFIX: Uint8Array = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)
/** Sets are stable, and at most a few hundred keys; the bound only keeps a hostile source from filling the memory. */
const MAX_CACHED_KEYS = 4_096

/** Makes the default signature check: node:crypto where there is one, and `@noble/curves` with the rules of ZIP-215.
 *
 * A yes of node:crypto is final: it checks a stricter equation, so what it accepts the chain accepts. Its no is asked
 * again, because the chain also accepts keys and points that it refuses. Where there is no node:crypto, noble decides alone.
 * @returns The check. Keys are imported once and kept, up to 4,096 of them.
 * @example const isGood = createEd25519Verify()({ publicKey, message, signature }) */
export function createEd25519Verify(): Ed25519Verify {
  const crypto = findNodeCrypto()
  if (!crypto) return verifyPortably
  const keys = new Map<string, unknown>()
  return (input) => verifyQuickly(input, crypto, keys) || verifyPortably(input)
}

/** Checks a signature with `@noble/curves` by the rules of ZIP-215, on any platform. */
export function verifyPortably({ publicKey, message, signature }: Ed25519Input): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: true })
  } catch {
    // Bytes that are no key or no signature at all.
    return false
  }
}

function verifyQuickly(input: Ed25519Input, crypto: NodeCrypto, keys: Map<string, unknown>): boolean {
  try {
    return crypto.verify(null, input.message, importKey(input.publicKey, crypto, keys), input.signature)
  } catch {
    // A key that it cannot import may still be one for ZIP-215.
    return false
  }
}

function importKey(publicKey: Uint8Array, crypto: NodeCrypto, keys: Map<string, unknown>): unknown {
  const id = toHex(publicKey)
  const known = keys.get(id)
  if (known !== undefined) return known
  if (keys.size >= MAX_CACHED_KEYS) keys.clear()
  const key = crypto.createPublicKey({ key: concatBytes(SPKI_PREFIX, publicKey), format: 'der', type: 'spki' })
  keys.set(id, key)
  return key
}

function findNodeCrypto(): NodeCrypto | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }
  return process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined
}
