import { expect, test } from 'vitest'
import { diagnose, rowOf, startTestDevnet } from './fixtures/diagnose.ts'

test.each([
  [45 * 60_000, 'warn', '2700 s ahead of block time'],
  [-90_000, 'warn', '90 s behind block time'],
  [-50_000, 'ok', '50 s behind block time'],
  [0, 'ok', 'equals block time'],
])('a clock %i ms off', async (offMs, status, detail) => {
  const nowMs = 1_770_000_000_000
  const devnet = await startTestDevnet({ now: () => nowMs })
  const row = rowOf(await diagnose(devnet, { now: () => nowMs + offMs }), 'clock')
  expect(row).toMatchObject({ status, detail: expect.stringContaining(detail) })
  expect(row.next).toEqual(status === 'ok' ? undefined : expect.stringContaining('registerGonkaModels'))
})
