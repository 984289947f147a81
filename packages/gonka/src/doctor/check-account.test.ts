import { expect, test } from 'vitest'
import { diagnose, rowOf, STRANGER, STRANGER_KEY, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'

test('an account that the chain does not know', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { privateKey: STRANGER_KEY })
  expect(rowOf(report, 'account')).toMatchObject({
    status: 'fail',
    subject: STRANGER,
    next: expect.stringContaining('send GNK'),
  })
  expect(statusesOf(report)).toMatchObject({ balance: 'skipped', 'public-key': 'skipped' })
})

test('an account without a public key on chain still shows its balance', async () => {
  const devnet = await startTestDevnet()
  const { privateKey } = devnet.createAccount({ publishKey: false, balance: 7_500_000_000n })
  const report = await diagnose(devnet, { privateKey })
  expect(rowOf(report, 'public-key')).toMatchObject({ status: 'fail', next: expect.stringContaining('publish-pubkey') })
  expect(rowOf(report, 'balance')).toMatchObject({ status: 'ok', detail: '7.5 GNK' })
})

test.each([
  [0n, 'fail', '0 GNK'],
  [1n, 'warn', '0.000000001 GNK'],
  [5_099_999n, 'warn', '0.005099999 GNK'],
  [5_100_000n, 'ok', '0.0051 GNK'],
  [2n ** 60n + 1n, 'ok', '1152921504.606846977 GNK'],
])('a balance of %i ngonka', async (balance, status, detail) => {
  const devnet = await startTestDevnet()
  const { privateKey } = devnet.createAccount({ balance })
  expect(rowOf(await diagnose(devnet, { privateKey }), 'balance')).toMatchObject({ status, detail })
})
