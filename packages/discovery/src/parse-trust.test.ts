import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTrust } from './parse-trust.ts'

const HASH = 'ab'.repeat(32)

test('gives every trust one form', () => {
  expect(parseTrust('first-use')).toBe('first-use')
  const anchor = { height: 1_200_000, hash: HASH }
  expect(parseTrust({ height: 1_200_000n, hash: HASH.toUpperCase() })).toEqual(anchor)
  expect(parseTrust(`1200000:${HASH.toUpperCase()}`)).toEqual(anchor)
  expect(parseTrust(` 1200000:${HASH}\n`)).toEqual(anchor)
  const witnesses = ['http://a.example/', 'http://a.example/v1', 'https://b.example']
  expect(parseTrust({ witnesses, quorum: 2 })).toEqual({
    witnesses: ['http://a.example', 'https://b.example'],
    quorum: 2,
  })
})

test('takes what it gives', () => {
  for (const trust of ['first-use', { height: 1, hash: HASH }, { witnesses: ['http://a.example'], quorum: 1 }]) {
    expect(parseTrust(parseTrust(trust))).toEqual(trust)
  }
})

describe('refuses, naming the field', () => {
  test.each([
    ['trust', 'last-use'],
    ['trust', ''],
    ['trust', HASH],
    ['trust', `12 000:${HASH}`],
    ['trust', `-1:${HASH}`],
    ['trust', `99999999999999999:${HASH}`],
    ['trust.height', `9007199254740993:${HASH}`],
    ['trust.height', `0:${HASH}`],
    ['trust.hash', `5:${HASH}0`],
    ['trust.hash', '5:'],
    ['trust.hash', `5:0x${HASH}`],
    ['trust.height', { hash: HASH }],
    ['trust.height', { height: '5', hash: HASH }],
    ['trust.height', { height: 1.5, hash: HASH }],
    ['trust.hash', { height: 5 }],
    ['trust.hash', { height: 5, hash: new Uint8Array(32) }],
    ['trust.hash', { height: 5, hash: `${HASH.slice(1)}g` }],
    ['trust.witnesses', { quorum: 1 }],
    ['trust.witnesses', { witnesses: 'http://a.example', quorum: 1 }],
    ['trust.witnesses[1]', { witnesses: ['http://a.example', 'b'], quorum: 1 }],
    ['trust.witnesses[0]', { witnesses: [null], quorum: 1 }],
    ['trust.quorum', { witnesses: [], quorum: 0 }],
    ['trust.quorum', { witnesses: ['http://a.example', 'http://a.example/'], quorum: 2 }],
    ['trust.quorum', { witnesses: ['http://a.example'] }],
    ['trust.quorum', { witnesses: ['http://a.example'], quorum: 0.5 }],
    ['trust', undefined],
    ['trust', null],
    ['trust', []],
    ['trust', 7],
  ])('%s: %j', (field, trust) => {
    expect(() => parseTrust(trust)).toThrow(expect.objectContaining({ name: 'GonkaConfigError', field }))
  })

  test('a height that no number holds', () => {
    const refused = expect.objectContaining({ name: 'GonkaConfigError', field: 'trust.height' })
    expect(() => parseTrust({ height: 2n ** 64n, hash: HASH })).toThrow(refused)
  })

  test('anything else, repeating none of it', () => {
    const canary = 'c0ffee5ec4e7'
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.constant(`${canary}:${canary}`)), (trust) => {
        try {
          parseTrust(trust)
        } catch (error) {
          expect(error).toMatchObject({ name: 'GonkaConfigError' })
          expect(inspect(error)).not.toContain(`${canary}:`)
        }
      }),
    )
  })
})
