import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BODIES, TA1, TA2, VECTORS } from './fixtures/signature-vectors.ts'
import { type SignatureInput, signatureInput } from './signature-input.ts'

const INPUT: SignatureInput = { body: BODIES.plain, timestampNs: 1_767_225_600_000_000_000n, transferAddress: TA1 }

describe('signatureInput', () => {
  it.each(VECTORS)('gives the digest of vector $name', (vector) => {
    expect(createHash('sha256').update(signatureInput(vector)).digest('hex')).toBe(vector.digest)
  })

  it('joins the hex of the body hash, the decimal time and the address without separators', () => {
    expect(textOf(signatureInput(INPUT))).toBe(
      `36415a854ddf6ae500a59d30c305a5949134dae8f51b0d5e5da87a31246da817${INPUT.timestampNs}${TA1}`,
    )
  })

  it('signs the body itself with scheme v1', () => {
    expect(textOf(signatureInput({ ...INPUT, scheme: 'v1' }))).toBe(`${BODIES.plain}${INPUT.timestampNs}${TA1}`)
  })

  it('reads a string as its UTF-8 bytes', () => {
    const bytes = new TextEncoder().encode(BODIES.nonAscii)
    expect(signatureInput({ ...INPUT, body: BODIES.nonAscii })).toEqual(signatureInput({ ...INPUT, body: bytes }))
  })

  it.each([0n, -1n, -(2n ** 63n)])('takes nothing from the timestamp %s', (timestampNs) => {
    expect(textOf(signatureInput({ ...INPUT, body: '', timestampNs }))).toBe(
      `e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855${TA1}`,
    )
  })

  it.each([
    ['nothing', undefined],
    ['an object', { model: 'm' }],
    ['numbers', [1, 2]],
    ['elements of two bytes, of which v1 would sign one each', Uint16Array.of(258, 259)],
    ['an ArrayBuffer', new ArrayBuffer(2)],
  ])('refuses a body that is %s, in both schemes', (_, body) => {
    for (const scheme of ['v1', 'v2'] as const) {
      const sign = () => signatureInput({ ...INPUT, scheme, body: body as unknown as Uint8Array })
      expect(sign).toThrow(new TypeError('body must be a string or a Uint8Array: exactly what is sent.'))
    }
  })

  it('does not change the body', () => {
    const body = Uint8Array.of(1, 2, 3)
    signatureInput({ ...INPUT, body, scheme: 'v1' }).fill(0)
    expect(body).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('refuses a scheme it does not know and a time that is no bigint', () => {
    expect(() => signatureInput({ ...INPUT, scheme: 'v3' as 'v2' })).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', code: 'config-invalid', field: 'scheme' }),
    )
    expect(() => signatureInput({ ...INPUT, timestampNs: 5 as unknown as bigint })).toThrow(TypeError)
  })
})

describe('signatureInput, for all inputs', () => {
  const scheme = fc.constantFrom('v1' as const, 'v2' as const)
  const timestampNs = fc.bigInt({ min: 10n ** 18n, max: 2n ** 63n - 1n })
  const body = fc.uint8Array({ minLength: 1, maxLength: 300 })

  it('changes with every single byte of the body', () => {
    fc.assert(
      fc.property(scheme, timestampNs, body, fc.nat(), fc.integer({ min: 1, max: 255 }), (...args) => {
        const [scheme, timestampNs, body, at, flip] = args
        const changed = body.map((byte, i) => (i === at % body.length ? byte ^ flip : byte))
        const input = { scheme, timestampNs, transferAddress: TA1 }
        expect(signatureInput({ ...input, body: changed })).not.toEqual(signatureInput({ ...input, body }))
      }),
    )
  })

  it('changes with the time, by as little as a nanosecond', () => {
    fc.assert(
      fc.property(scheme, timestampNs, fc.bigInt({ min: 1n, max: 10n ** 9n }), body, (...args) => {
        const [scheme, timestampNs, step, body] = args
        const input = { scheme, body, transferAddress: TA1 }
        expect(signatureInput({ ...input, timestampNs: timestampNs - step })).not.toEqual(
          signatureInput({ ...input, timestampNs }),
        )
      }),
    )
  })

  it('changes with every single character of the address', () => {
    fc.assert(
      fc.property(scheme, timestampNs, body, fc.nat(TA1.length - 1), fc.constantFrom('q', '1', 'X'), (...args) => {
        const [scheme, timestampNs, body, at, character] = args
        const changed = TA1.slice(0, at) + character + TA1.slice(at + 1)
        fc.pre(changed !== TA1)
        const input = { scheme, timestampNs, body }
        expect(signatureInput({ ...input, transferAddress: changed })).not.toEqual(
          signatureInput({ ...input, transferAddress: TA1 }),
        )
      }),
    )
  })

  it('differs between the schemes, and between the participants', () => {
    fc.assert(
      fc.property(timestampNs, body, (timestampNs, body) => {
        const input = { timestampNs, body, transferAddress: TA1 }
        expect(signatureInput({ ...input, scheme: 'v1' })).not.toEqual(signatureInput(input))
        expect(signatureInput({ ...input, transferAddress: TA2 })).not.toEqual(signatureInput(input))
      }),
    )
  })
})

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
