import { GonkaConfigError } from '@gonka/protocol'
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeHex } from './encode-bytes.ts'
import type { SignatureScheme } from './types.ts'

/** What a signature covers. */
export interface SignatureInput {
  /** The exact bytes of the HTTP body; a string stands for its UTF-8 bytes. */
  readonly body: Uint8Array | string
  /** Nanoseconds since the Unix epoch. Zero and less contribute nothing. */
  readonly timestampNs: bigint
  /** Address of the participant that the request is sent to; signed, never sent. */
  readonly transferAddress: string
  /** @default 'v2' */
  readonly scheme?: SignatureScheme | undefined
}

/** Builds the signed bytes M: payload, decimal timestamp and transfer address, one after the other. The digest to sign is
 * sha256(M).
 * @param input - Body, time, address and scheme; the address is not checked here.
 * @returns M: with `v2` the payload is the lower-case hex of sha256(body), with `v1` the body.
 * @throws {GonkaConfigError} `config-invalid` for an unknown scheme.
 * @throws TypeError when `timestampNs` is not a bigint, or `body` neither a string nor a `Uint8Array`.
 * @example const m = signatureInput({ body: '{}', timestampNs: 1_767_225_600_000_000_000n, transferAddress: 'gonka1…' })
 * @see Protocol reference, section 1.1 */
export function signatureInput(input: SignatureInput): Uint8Array {
  const { timestampNs, transferAddress, scheme = 'v2' } = input
  if (typeof timestampNs !== 'bigint') throw new TypeError(`timestampNs must be a bigint; got ${typeof timestampNs}.`)
  const time = timestampNs > 0n ? timestampNs.toString() : ''
  return concatenate(payloadOf(input.body, scheme), new TextEncoder().encode(time + transferAddress))
}

/** @throws {GonkaConfigError} `config-invalid` for an unknown scheme: never guess what is signed. */
export function checkScheme(scheme: SignatureScheme): void {
  if (scheme === 'v1' || scheme === 'v2') return
  throw new GonkaConfigError('config-invalid', 'scheme must be "v1" or "v2".', { field: 'scheme' })
}

function payloadOf(body: Uint8Array | string, scheme: SignatureScheme): Uint8Array {
  checkScheme(scheme)
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  // By its tag: test environments have a TextEncoder of another realm, whose bytes are no instances.
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
    throw new TypeError('body must be a string or a Uint8Array: exactly what is sent.')
  }
  return scheme === 'v1' ? bytes : new TextEncoder().encode(encodeHex(sha256(bytes)))
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length)
  joined.set(left)
  joined.set(right, left.length)
  return joined
}
