import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createActiveParticipantsKey } from './active-participants-key.ts'

test('is the published key of epoch 7', () => {
  expect(Buffer.from(createActiveParticipantsKey(7n)).toString('hex')).toBe(
    '4163746976655061727469636970616e74732f76616c75652f00000000000000072f',
  )
})

test('orders as the epochs do, and no two epochs share one', () => {
  const epoch = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(
    fc.property(epoch, epoch, (a, b) => {
      const order = Buffer.compare(createActiveParticipantsKey(a), createActiveParticipantsKey(b))
      expect(order).toBe(a < b ? -1 : a > b ? 1 : 0)
    }),
  )
})
