import { GonkaClientError } from '@gonka/protocol'
import { secp256k1 } from '@noble/curves/secp256k1.js'

const SIGNATURE_BYTES = 64

/** Brings a signature into the form that nodes accept: r and s in range, s in the lower half.
 * @param signature - What a signer returned.
 * @returns 64 bytes, r then s.
 * @throws {GonkaClientError} `client-invalid` with `field: 'signer'`; the message holds nothing of the signature. */
export function normalizeSignature(signature: Uint8Array): Uint8Array {
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
    const came = signature instanceof Uint8Array ? `${signature.length} bytes` : typeof signature
    throw invalid(
      `signer.sign must give ${SIGNATURE_BYTES} bytes, r then s, without DER or a recovery byte; got ${came}.`,
    )
  }
  const { r, s } = parse(signature)
  const { ORDER } = secp256k1.Point.Fn
  return s > ORDER / 2n ? new secp256k1.Signature(r, ORDER - s).toBytes('compact') : signature
}

function parse(signature: Uint8Array): { r: bigint; s: bigint } {
  try {
    return secp256k1.Signature.fromBytes(signature, 'compact')
  } catch {
    // The library's error is dropped on purpose: it may quote the signature.
    throw invalid('signer.sign gave r or s outside the range from 1 to n - 1.')
  }
}

function invalid(message: string): GonkaClientError {
  return new GonkaClientError('client-invalid', message, { field: 'signer' })
}
