import { formatAddress } from '@gonka/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBech32 } from './encode-bech32.ts'

test('writes what the address library writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      expect(encodeBech32('gonka', bytes)).toBe(formatAddress(bytes))
    }),
  )
})
