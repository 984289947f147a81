import { expect, test } from 'vitest'
import { diagnose, rowOf, startTestDevnet, statusesOf, textOf } from './fixtures/diagnose.ts'
import { runDoctor } from './run-doctor.ts'

test('without a key, the next step says where to put one', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { privateKey: undefined })
  expect(rowOf(report, 'key')).toMatchObject({ status: 'fail', next: expect.stringContaining('GONKA_PRIVATE_KEY') })
  expect(statusesOf(report)).toMatchObject({ address: 'skipped', account: 'skipped', source: 'ok', participant: 'ok' })
  expect(report.summary).toContain('No request can be answered yet')
})

test('the key row names where the key came from', async () => {
  const devnet = await startTestDevnet()
  const { privateKey } = devnet.account
  const fromEnvironment = await diagnose(devnet, { privateKey: undefined, env: { GONKA_PRIVATE_KEY: privateKey } })
  expect(rowOf(fromEnvironment, 'key').detail).toBe('well-formed, from GONKA_PRIVATE_KEY')
  expect(rowOf(await diagnose(devnet, { keyOrigin: '--key-file' }), 'key').detail).toContain('--key-file')
})

test.each([
  ['a digit too few', 'ab'.repeat(31), 'it has 62 characters'],
  ['zero', '00'.repeat(32), 'it is zero'],
  ['no hex', 'z'.repeat(64), 'not hex digits'],
])('a key that is %s is refused without being shown', async (_, privateKey, problem) => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { privateKey })
  expect(rowOf(report, 'key')).toMatchObject({ status: 'fail', detail: expect.stringContaining(problem) })
  expect(textOf(report)).not.toContain(privateKey.slice(0, 8))
})

test('an address that is not that of the key is refused, as nodes would', async () => {
  const devnet = await startTestDevnet()
  const { address: other } = devnet.createAccount()
  const report = await diagnose(devnet, { env: { GONKA_ADDRESS: other } })
  expect(rowOf(report, 'address')).toMatchObject({ status: 'fail', subject: other })
  expect(rowOf(report, 'public-key')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('not that of the key'),
  })
  expect(rowOf(await diagnose(devnet, { address: 'cosmos1' }), 'address').status).toBe('fail')
  expect(rowOf(await diagnose(devnet, { address: devnet.account.address }), 'address').status).toBe('ok')
})

test('every wrong setting is named, and the others are still looked at', async () => {
  const devnet = await startTestDevnet()
  const env = { GONKA_BROKERS: 'nonsense', GONKA_VERIFY_PROOF: 'maybe', GONKA_ENDPOINTS: 'x' }
  const report = await diagnose(devnet, { env })
  const wrong = report.checks.filter(({ check }) => check === 'configuration')
  expect(wrong.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail'])
  expect(wrong.map(({ detail }) => detail).join(' ')).toMatch(/endpoints.*brokers\[0\].*verifyProofs/)
  expect(statusesOf(report)).toMatchObject({ source: 'ok', account: 'ok' })
})

test('nothing configured says what there is to configure', async () => {
  const report = await runDoctor({ env: {} })
  const { status, next } = rowOf(report, 'configuration')
  expect(status).toBe('fail')
  for (const name of ['GONKA_SOURCE_URL', 'GONKA_ENDPOINTS', 'GONKA_BROKERS']) expect(next).toContain(name)
})
