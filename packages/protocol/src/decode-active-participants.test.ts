import { describe, expect, it } from 'vitest'
import { type ActiveParticipants, decodeActiveParticipants } from './decode-active-participants.ts'
import { ACTIVE_PARTICIPANTS_HEX } from './fixtures/active-participants.ts'

const BYTES = Uint8Array.from(Buffer.from(ACTIVE_PARTICIPANTS_HEX, 'hex'))

const EXPECTED: ActiveParticipants = {
  participants: [
    {
      address: 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6',
      validatorKey: 'dyQGlkQt552Qb/gyz7i67Oib1zqNmQrRtInRTW0wOyk=',
      weight: 60n,
      inferenceUrl: 'http://127.0.0.1:18081',
      models: ['sim/model-a'],
    },
    {
      address: 'gonka1waj8q9g2ekgardafc6plg77rgu2l3vfrg2y9jw',
      validatorKey: 'RjJkctyEl5cDSLx75eyJb8r0G22MA6o/JCkhglOVr4A=',
      weight: 30n,
      inferenceUrl: 'http://127.0.0.1:18082',
      models: ['sim/model-a', 'sim/model-b'],
    },
  ],
  epochId: 7n,
  pocStartBlockHeight: 90n,
  effectiveBlockHeight: 102n,
  createdAtBlockHeight: 100n,
}

describe('decodeActiveParticipants', () => {
  it("decodes the reference's bundle", () => {
    expect(decodeActiveParticipants(BYTES)).toEqual(EXPECTED)
  })

  it('takes absent fields for zero, as proto3 writes them', () => {
    const nothing = { pocStartBlockHeight: 0n, effectiveBlockHeight: 0n, createdAtBlockHeight: 0n, epochId: 0n }
    expect(decodeActiveParticipants(new Uint8Array())).toEqual({ participants: [], ...nothing })
    expect(decodeActiveParticipants(Uint8Array.of(0x0a, 0)).participants).toEqual([
      { address: '', validatorKey: '', weight: 0n, inferenceUrl: '', models: [] },
    ])
  })

  it('skips fields that it does not know', () => {
    expect(decodeActiveParticipants(Uint8Array.of(...BYTES, 0x78, 1, 0x82, 0x01, 1, 0xff))).toEqual(EXPECTED)
  })

  it('reads heights as signed and the epoch as unsigned', () => {
    const minusOne = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
    const decoded = decodeActiveParticipants(Uint8Array.of(0x28, ...minusOne, 0x30, ...minusOne))
    expect([decoded.createdAtBlockHeight, decoded.epochId]).toEqual([-1n, 2n ** 64n - 1n])
  })

  it.each<[string, number[]]>([
    ['a participant that is a number', [0x08, 1]],
    ['an epoch that is text', [0x32, 1, 0x37]],
    ['a height that is fixed64', [0x29, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['an address that is a number', [0x0a, 2, 0x08, 1]],
    ['a weight that is text', [0x0a, 3, 0x1a, 1, 0x37]],
    ['an address that is not UTF-8', [0x0a, 3, 0x0a, 1, 0xff]],
    ['a model that is an encoded surrogate', [0x0a, 5, 0x2a, 3, 0xed, 0xa0, 0x80]],
    ['a participant cut short', [0x0a, 2, 0x0a, 5]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeActiveParticipants(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ name: 'GonkaProofVerificationError', code: 'protobuf-invalid' }),
    )
  })

  it('decodes or refuses every beginning of the bundle, and never gives more than it read', () => {
    for (let length = 0; length < BYTES.length; length++) {
      const decoded = decodeOrCode(BYTES.subarray(0, length))
      if (decoded === 'protobuf-invalid') continue
      expect(EXPECTED.participants.slice(0, decoded.participants.length)).toEqual(decoded.participants)
    }
  })

  it('decodes or refuses the bundle with any one bit changed', () => {
    for (let at = 0; at < BYTES.length; at++) {
      const changed = Uint8Array.from(BYTES)
      changed[at] = (changed[at] ?? 0) ^ 0x01
      const decoded = decodeOrCode(changed)
      expect(decoded).toBeDefined()
    }
  })
})

function decodeOrCode(bytes: Uint8Array): ActiveParticipants | 'protobuf-invalid' {
  try {
    return decodeActiveParticipants(bytes)
  } catch (error) {
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'protobuf-invalid' })
    return 'protobuf-invalid'
  }
}
