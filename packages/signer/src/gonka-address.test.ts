import { secp256k1 } from '@noble/curves/secp256k1.js'
import { describe, expect, it } from 'vitest'
import { KEYS } from './fixtures/signature-vectors.ts'
import { gonkaAddress } from './gonka-address.ts'

describe('gonkaAddress', () => {
  it.each(Object.values(KEYS))('derives $address from both forms of the key', ({ publicKey, address }) => {
    const compressed = Uint8Array.from(Buffer.from(publicKey, 'hex'))
    expect(gonkaAddress(compressed)).toBe(address)
    expect(gonkaAddress(secp256k1.Point.fromBytes(compressed).toBytes(false))).toBe(address)
  })

  it.each([0, 20, 32, 64, 66])('refuses %i bytes', (length) => {
    expect(() => gonkaAddress(new Uint8Array(length))).toThrow(RangeError)
  })

  it('refuses bytes that are no point of the curve', () => {
    expect(() => gonkaAddress(new Uint8Array(33))).toThrow(RangeError)
    expect(() => gonkaAddress(Uint8Array.of(4, ...new Uint8Array(64).fill(7)))).toThrow(RangeError)
    expect(() => gonkaAddress(Uint8Array.of(2, ...new Uint8Array(32).fill(255)))).toThrow(RangeError)
  })

  it('refuses what is not a Uint8Array', () => {
    expect(() => gonkaAddress(KEYS.K1.publicKey as unknown as Uint8Array)).toThrow(TypeError)
  })
})
