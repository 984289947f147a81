import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verifyRequestSignature } from './verify-request-signature.ts'

const TA1 = 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le'
const TA2 = 'gonka1dkl4mah5erqggvhqkpc8j3qs5tyuetgdy552cp'
const BODY_1 = '{"model":"Qwen/Qwen3-235B-A22B-Instruct-2507-FP8","messages":[{"role":"user","content":"Hello"}]}'
const BODY_2 = '{"model":"m","messages":[{"role":"user","content":"Grüße, 世界 🌍"}],"stream":true}'
const K1 = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const K2 = '03a5e877fb2b9619640c1fbe7269d59675ffb730f2b9520260c0831570d60f161a'
const K3 = '035cbaa37af2bc0ef699ca3239225a002df63868c85ada2721b6941faa6423b255'

const vector = (
  publicKeyHex: string,
  [body, timestampNs, transferAddress]: readonly [string, bigint, string],
  authorization: string,
) => ({
  publicKey: hexToBytes(publicKeyHex),
  body: utf8ToBytes(body),
  timestampNs,
  transferAddress,
  authorization,
  scheme: 'v2' as 'v1' | 'v2',
})

const A = vector(
  K1,
  [BODY_1, 1767225600000000000n, TA1],
  'hfmoW4X1uSR57elB4h7qET4ytkXCKGY7jVUqDU40WSAaSBqId1VSty5G485V92ZQlCFQczWT2XrODUMjurEDWg==',
)
const B = vector(
  K2,
  [BODY_2, 1770768000123456789n, TA2],
  'l38Kg0bGIWijQCMxeJGTV7Kb66YNvnVHNqYVCJYnDfV+YLBOKDb7bkTDTLN2sWxmlUmC34Xc36W2y0h2L7bznQ==',
)
const E = vector(
  K2,
  [BODY_1, 1767225600000000073n, TA1],
  'AJuyzPOu5KtTvq4EDrvEosn9lJ6HKndiLnnNMQS2Cqkd8qI94WJyLGvPajngnhI49uQh8sNhj9b5NMeDZb/YGg==',
)
const H = vector(
  K3,
  [BODY_2, 1767225600000000002n, TA2],
  'EFnDIGViPKkd6HCjbhtfy5sLjTzQrDD/8wBC5CpptixVc4+O5lGhEoEC7P3vtQuAb9gCtI4Ztw44XDgCoACTHQ==',
)
const L1 = {
  ...A,
  scheme: 'v1' as const,
  authorization: 'JTyPsxc6wvqTZafNsTR98dRFLnBFzTY+htg492BF900xV78dVBE6I5gV0c6o8rUAehoiz2uq2FKxe8rXXqAdiw==',
}

test.each([
  ['A', A],
  ['B', B],
  ['E', E],
  ['H', H],
  ['L1', L1],
])('accepts vector %s', (_name, request) => {
  expect(verifyRequestSignature(request)).toBeUndefined()
})

test('refuses a vector under the other scheme', () => {
  expect(verifyRequestSignature({ ...A, scheme: 'v1' })).toBe('invalid signature')
  expect(verifyRequestSignature({ ...L1, scheme: 'v2' })).toBe('invalid signature')
})

test('refuses the high-s twin of a right signature', () => {
  const signature = Buffer.from(A.authorization, 'base64')
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const highS = (secp256k1.Point.Fn.ORDER - s).toString(16).padStart(64, '0')
  const authorization = Buffer.concat([signature.subarray(0, 32), Buffer.from(highS, 'hex')]).toString('base64')
  expect(verifyRequestSignature({ ...A, authorization })).toBe('invalid signature')
})

test('refuses a signature with any bit flipped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
      const signature = Buffer.from(A.authorization, 'base64')
      signature.writeUInt8(signature.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      return verifyRequestSignature({ ...A, authorization: signature.toString('base64') }) === 'invalid signature'
    }),
    { numRuns: 40 },
  )
})

test.each([
  ['Bearer abcd', 6],
  ['abc-', 3],
  ['abcdabc', 4],
  ['ab=', 3],
  ['ab=c', 2],
  ['abc=d', 4],
  ['a===', 1],
  ['', undefined],
  ['abcd', undefined],
  ['ab==', undefined],
])('finds where %j stops being base64', (authorization, position) => {
  expect(verifyRequestSignature({ ...A, authorization })).toBe(
    position === undefined ? 'invalid signature' : `illegal base64 data at input byte ${position}`,
  )
})

test('answers any text without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 40 }), (authorization, publicKey) => {
      expect(verifyRequestSignature({ ...A, authorization, publicKey })).toMatch(/^(invalid signature|illegal base64)/)
    }),
    { numRuns: 200 },
  )
})
