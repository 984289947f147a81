import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSigner } from './create-signer.ts'
import { KEYS, VECTORS } from './fixtures/signature-vectors.ts'

const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'
const KEY = KEYS.K2.privateKey

describe('createSigner', () => {
  it.each(Object.values(KEYS))('derives $address', ({ privateKey, address }) => {
    expect(createSigner(privateKey).address).toBe(address)
  })

  it.each([
    ['2', 'gonka1q6hag67dl53wl99vzg42z8eyzfz2xlkvqkpz3w'],
    ['3', 'gonka10ht9tyks4vh7p5p904t340cr9nvahy7uhvqtp8'],
    [`${ORDER.slice(0, -1)}0`, 'gonka14h0ycu78h88wzldxc7e79vhw5xsde0n85evmum'],
  ])('derives the address of key %s', (key, address) => {
    expect(createSigner(key.padStart(64, '0')).address).toBe(address)
  })

  it.each([`0x${KEY}`, `0X${KEY}`, KEY.toUpperCase(), `0X${KEY.toUpperCase()}`])('reads the key as %s', (key) => {
    expect(createSigner(key).address).toBe(KEYS.K2.address)
  })

  it.each(VECTORS)('signs the digest of vector $name deterministically', async ({ key, digest, authorization }) => {
    const signature = await createSigner(KEYS[key].privateKey).sign(Buffer.from(digest, 'hex'))
    expect(signature).toHaveLength(64)
    expect(Buffer.from(signature).toString('base64')).toBe(authorization)
  })

  it.each([0, 31, 33, 64])('refuses a digest of %i bytes', async (length) => {
    await expect(createSigner(KEY).sign(new Uint8Array(length))).rejects.toThrow(RangeError)
  })

  it.each(['a'.repeat(32), Array(32).fill(1), undefined, null])('refuses %j as a digest', async (digest) => {
    await expect(createSigner(KEY).sign(digest as unknown as Uint8Array)).rejects.toThrow(RangeError)
  })

  it('cannot be changed, and shows its address only', () => {
    const signer = createSigner(KEY)
    expect(Object.isFrozen(signer)).toBe(true)
    expect(JSON.parse(JSON.stringify(signer))).toEqual({ address: signer.address })
    expect(Reflect.ownKeys(signer)).toEqual(['address', 'sign'])
  })
})

describe('createSigner with a bad key', () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ['empty', ''],
    ['only 0x', '0x'],
    ['a digit short', KEY.slice(1)],
    ['a digit long', `${KEY}0`],
    ['two prefixes', `0x0x${KEY.slice(2)}`],
    ['a prefix inside the 64', `0x${KEY.slice(2)}`],
    ['a letter that is not hex', `${KEY.slice(0, -1)}g`],
    ['a space', ` ${KEY.slice(1)}`],
    ['a line break at the end', `${KEY.slice(1)}\n`],
    ['full-width digits', '１'.repeat(64)],
    ['zero', '0'.repeat(64)],
    ['the order', ORDER],
    ['above the order', 'f'.repeat(64)],
    ['a number', 42],
    ['bytes', new Uint8Array(32).fill(1)],
    ['undefined', undefined],
    ['null', null],
  ]

  it.each(bad)('refuses %s', (_, key) => {
    expect(() => createSigner(key as string)).toThrow(
      expect.objectContaining({ name: 'GonkaClientError', code: 'key-invalid', field: 'privateKey' }),
    )
  })

  it.each(bad.filter(([, key]) => typeof key === 'string' && key.length > 8))('repeats nothing of %s', (_, key) => {
    const error = catchError(() => createSigner(key as string))
    expect(error).not.toHaveProperty('cause')
    const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }).replace(/\n {4}at .*/g, '')
    for (let i = 0; i + 6 <= String(key).length; i++) expect(shown).not.toContain(String(key).slice(i, i + 6))
  })
})

function catchError(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}
