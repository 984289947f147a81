import { inspect } from 'node:util'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { BODIES, KEYS, TA1, VECTORS } from './fixtures/signature-vectors.ts'
import { isAcceptedByNode } from './fixtures/verify-signature.ts'
import { signRequest } from './sign-request.ts'
import type { Signer } from './types.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const signer = createSigner(KEYS.K1.privateKey)
const input = { signer, body: BODIES.plain, timestampNs: 1_767_225_600_000_000_000n, transferAddress: TA1 }

describe('signRequest', () => {
  it.each(VECTORS)('gives the headers of vector $name', async (vector) => {
    const { privateKey, address } = KEYS[vector.key]
    expect(await signRequest({ ...vector, signer: createSigner(privateKey) })).toEqual({
      Authorization: vector.authorization,
      'X-Requester-Address': address,
      'X-Timestamp': String(vector.timestampNs),
    })
  })

  it('signs with v2 unless told otherwise', async () => {
    expect((await signRequest(input)).Authorization).toBe(VECTORS[0]!.authorization)
  })

  it('gives signatures that a node accepts: right key, right bytes, low s, 88 characters', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 1n, max: ORDER - 1n }),
        fc.uint8Array({ maxLength: 500 }),
        fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
        async (key, body, timestampNs) => {
          const privateKey = key.toString(16).padStart(64, '0')
          const publicKey = Buffer.from(secp256k1.getPublicKey(Buffer.from(privateKey, 'hex'))).toString('hex')
          const headers = await signRequest({ ...input, signer: createSigner(privateKey), body, timestampNs })
          expect(headers.Authorization).toMatch(/^[A-Za-z0-9+/]{86}==$/)
          const parts = { body, timestamp: headers['X-Timestamp']!, transferAddress: TA1 }
          expect(isAcceptedByNode(headers.Authorization!, publicKey, parts)).toBe(true)
          const other = { ...parts, body: Uint8Array.of(...body, 0) }
          expect(isAcceptedByNode(headers.Authorization!, publicKey, other)).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('accepts an address in upper case and signs its lower-case form', async () => {
    const headers = await signRequest({ ...input, transferAddress: TA1.toUpperCase() })
    expect(headers.Authorization).toBe(VECTORS[0]!.authorization)
  })

  it.each([
    ['transferAddress', { transferAddress: `${TA1.slice(0, -1)}x` }],
    ['transferAddress', { transferAddress: 'cosmos1waj8q9g2ekgardafc6plg77rgu2l3vfrclrm4v' }],
    ['signer.address', { signer: { ...signer, address: 'gonka1\r\nX-Seed: 1' } }],
  ])('refuses a bad %s', async (field, change) => {
    await expect(signRequest({ ...input, ...change })).rejects.toMatchObject({ code: 'address-invalid', field })
  })

  it('refuses a timestamp that no node can read', async () => {
    await expect(signRequest({ ...input, timestampNs: 2n ** 63n })).rejects.toThrow(RangeError)
    await expect(signRequest({ ...input, timestampNs: -(2n ** 63n) - 1n })).rejects.toThrow(RangeError)
    await expect(signRequest({ ...input, timestampNs: 1 as unknown as bigint })).rejects.toThrow(TypeError)
  })
})

describe('signRequest with a foreign signer', () => {
  it('turns a high s into the low one that nodes demand', async () => {
    const sign = async (digest: Uint8Array): Promise<Uint8Array> => {
      const { r, s } = secp256k1.Signature.fromBytes(await signer.sign(digest))
      return new secp256k1.Signature(r, ORDER - s).toBytes()
    }
    expect(await signRequest({ ...input, signer: { ...signer, sign } })).toEqual(await signRequest(input))
  })

  it.each([
    ['63 bytes', new Uint8Array(63).fill(1)],
    ['65 bytes', new Uint8Array(65).fill(1)],
    ['DER', Uint8Array.from([0x30, 0x44, ...new Uint8Array(70)])],
    ['r = s = 0', new Uint8Array(64)],
    ['r above the order', new Uint8Array(64).fill(255)],
    ['s = 0', new Uint8Array(64).fill(1, 0, 32)],
    ['a string', 'hfmoW4X1uSR5' as unknown as Uint8Array],
    ['nothing', undefined as unknown as Uint8Array],
  ])('refuses %s and quotes none of it', async (_, signature) => {
    const foreign: Signer = { ...signer, sign: async () => signature }
    const error = await signRequest({ ...input, signer: foreign }).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'GonkaClientError', code: 'client-invalid', field: 'signer' })
    expect(inspect(error)).not.toMatch(/hfmoW4X1uSR5|0101010101|ffffffff/)
  })

  it('says that the signer failed and keeps its error as the cause', async () => {
    const cause = new Error('KMS is unreachable')
    const foreign: Signer = { ...signer, sign: () => Promise.reject(cause) }
    await expect(signRequest({ ...input, signer: foreign })).rejects.toMatchObject({ code: 'client-invalid', cause })
  })
})
