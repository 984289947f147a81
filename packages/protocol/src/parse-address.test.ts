import { bech32, bech32m } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from './parse-address.ts'

const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'

describe('parseAddress', () => {
  it.each([ADDRESS, 'gonka1waj8q9g2ekgardafc6plg77rgu2l3vfrg2y9jw', 'gonka14h0ycu78h88wzldxc7e79vhw5xsde0n85evmum'])(
    'accepts %s',
    (address) => {
      expect(parseAddress(address)).toBe(address)
    },
  )

  it('gives the lower-case form', () => {
    expect(parseAddress(ADDRESS.toUpperCase())).toBe(ADDRESS)
  })

  it.each<[string, string, RegExp]>([
    ['nothing', '', /it is empty/],
    ['a wrong checksum', `${ADDRESS.slice(0, -1)}7`, /checksum/],
    ['mixed case', `G${ADDRESS.slice(1)}`, /checksum/],
    ['a space', ` ${ADDRESS}`, /checksum/],
    ['bech32m', bech32m.encode('gonka', bech32m.toWords(new Uint8Array(20))), /checksum/],
    ['another prefix', 'cosmos1waj8q9g2ekgardafc6plg77rgu2l3vfrclrm4v', /the prefix is "cosmos"/],
    ["an operator's prefix", bech32.encode('gonkavaloper', bech32.toWords(new Uint8Array(20))), /"gonkavaloper"/],
    ['19 bytes', bech32.encode('gonka', bech32.toWords(new Uint8Array(19))), /it holds 19 bytes, not 20/],
    ['32 bytes', bech32.encode('gonka', bech32.toWords(new Uint8Array(32))), /it holds 32 bytes, not 20/],
    ['bits left over', bech32.encode('gonka', [...bech32.toWords(new Uint8Array(20)), 1, 1]), /it holds .* bytes/],
    ['a number', 7 as unknown as string, /it is of type number/],
    ['undefined', undefined as unknown as string, /it is of type undefined/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseAddress(text, 'transferAddress')).toThrow(
      expect.objectContaining({
        code: 'address-invalid',
        field: 'transferAddress',
        message: expect.stringMatching(message),
      }),
    )
  })

  it('refuses every address with one character changed', () => {
    const characters = fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l1boi')
    fc.assert(
      fc.property(fc.nat(ADDRESS.length - 1), characters, (at, character) => {
        fc.pre(ADDRESS[at] !== character)
        const changed = ADDRESS.slice(0, at) + character + ADDRESS.slice(at + 1)
        expect(() => parseAddress(changed)).toThrow(expect.objectContaining({ code: 'address-invalid' }))
      }),
    )
  })

  it('does not repeat what may be a secret in the wrong place', () => {
    const secret = 'c0ffee5eedc0de1337deadbea7fee1900df00dba5eba11ab1eca11ed0ddba11f'
    expect(() => parseAddress(secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/c0ffee/) }),
    )
  })
})

describe('formatAddress', () => {
  it('is undone by parseAddress for every account', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const address = formatAddress(bytes)
        expect(address).toHaveLength(44)
        expect(parseAddress(address)).toBe(address)
        expect(bech32.fromWords(bech32.decode(address as `${string}1${string}`).words)).toEqual(bytes)
      }),
    )
  })

  it.each([0, 19, 21, 32])('refuses %i bytes', (length) => {
    expect(() => formatAddress(new Uint8Array(length))).toThrow(RangeError)
  })
})
