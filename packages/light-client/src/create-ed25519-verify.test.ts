import { describe, expect, test, vi } from 'vitest'
import { fromHex } from './bytes.ts'
import { createEd25519Verify, verifyPortably } from './create-ed25519-verify.ts'
import { bytesWith } from './fixtures/change-bytes.ts'
import { createMember } from './fixtures/members.ts'
import { HAS_VECTORS, readVector } from './fixtures/vectors.ts'
import type { Ed25519Input, Ed25519Verify } from './types.ts'

const member = createMember('signer', 1n)
const message = new TextEncoder().encode('a vote')
const good: Ed25519Input = { publicKey: member.validator.publicKey, message, signature: member.sign(message) }

/** Keys and points of small order: ZIP-215 takes them, OpenSSL does not. */
const smallOrder: Ed25519Input = {
  publicKey: fromHex(`01${'00'.repeat(31)}`) as Uint8Array,
  message: new TextEncoder().encode('Zcash'),
  signature: fromHex(
    `26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05${'00'.repeat(32)}`,
  ) as Uint8Array,
}

/** The default check on a platform without node:crypto, such as a browser. */
function createInBrowser(): Ed25519Verify {
  vi.stubGlobal('process', { ...process, getBuiltinModule: undefined })
  try {
    return createEd25519Verify()
  } finally {
    vi.unstubAllGlobals()
  }
}

describe.each([
  ['with node:crypto', createEd25519Verify()],
  ['without node:crypto', createInBrowser()],
  ['by noble alone', verifyPortably],
])('%s', (_name, verify) => {
  test('good signatures are good, also the second time', () => {
    expect(verify(good)).toBe(true)
    expect(verify(good)).toBe(true)
  })

  test('a changed message, key or signature is not', () => {
    expect(verify({ ...good, message: bytesWith(message, 0, 1) })).toBe(false)
    expect(verify({ ...good, publicKey: createMember('other', 1n).validator.publicKey })).toBe(false)
    expect(verify({ ...good, signature: bytesWith(good.signature, 63, 16) })).toBe(false)
  })

  test.each([0, 31, 33])('a key of %i bytes is none', (length) => {
    expect(verify({ ...good, publicKey: new Uint8Array(length) })).toBe(false)
  })

  test.each([0, 63, 65])('a signature of %i bytes is none', (length) => {
    expect(verify({ ...good, signature: new Uint8Array(length) })).toBe(false)
  })

  test('what the chain takes by ZIP-215 is good', () => {
    expect(verify(smallOrder)).toBe(true)
  })

  test.skipIf(!HAS_VECTORS)('all 196 small-order cases are good', () => {
    const cases = HAS_VECTORS ? readVector('ed25519/zip215-small-order.json') : []
    const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array
    const verdicts = cases.map(({ pub, sig, msg }: Record<'pub' | 'sig' | 'msg', string>) =>
      verify({ publicKey: bytes(pub), signature: bytes(sig), message: bytes(msg) }),
    )
    expect(verdicts).toHaveLength(196)
    expect(new Set(verdicts)).toEqual(new Set([true]))
  })
})

test('where there is no node:crypto, noble decides alone', () => {
  expect(createInBrowser()).toBe(verifyPortably)
})

test('node:crypto is asked when it is there, and its yes is final', () => {
  const asked: unknown[] = []
  const crypto = {
    createPublicKey: ({ key }: { key: Uint8Array }) => key,
    verify: (...input: unknown[]) => asked.push(input) > 0,
  }
  vi.stubGlobal('process', { ...process, getBuiltinModule: () => crypto })
  const verify = createEd25519Verify()
  vi.unstubAllGlobals()
  expect(verify({ ...good, signature: new Uint8Array(64) })).toBe(true)
  expect(asked).toHaveLength(1)
})

test('keys are imported once, and the memory for them is bounded', () => {
  let imports = 0
  const crypto = { createPublicKey: () => ++imports, verify: () => true }
  vi.stubGlobal('process', { ...process, getBuiltinModule: () => crypto })
  const verify = createEd25519Verify()
  vi.unstubAllGlobals()
  const keyOf = (index: number): Uint8Array => new Uint8Array(new Uint32Array(8).fill(index).buffer)
  for (const round of [1, 2]) {
    for (let index = 0; index < 4_096; index++) verify({ ...good, publicKey: keyOf(index) })
    expect([round, imports]).toEqual([round, 4_096])
  }
  verify({ ...good, publicKey: keyOf(5_000) })
  verify({ ...good, publicKey: keyOf(0) })
  expect(imports).toBe(4_098)
})
