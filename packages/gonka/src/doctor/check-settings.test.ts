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

test('one wrong entry of a list takes no other entry away', async () => {
  const devnet = await startTestDevnet()
  const gateway = await startTestDevnet({ mode: 'gateway', seed: 'gateway' })
  const [first, second] = devnet.nodes
  const report = await diagnose(devnet, {
    sourceUrl: undefined,
    env: {
      GONKA_SOURCE_URL: `node.example:8000,${devnet.url}`,
      GONKA_ENDPOINTS: `${first?.url};${first?.address},${second?.url}`,
      GONKA_BROKERS: `${gateway.url}/v1;${gateway.apiKey},https://api.b.example/v1`,
    },
  })
  const wrong = report.checks.filter(({ check }) => check === 'configuration').map(({ detail }) => detail)
  expect(wrong).toEqual([
    expect.stringContaining('sourceUrls[0] must be'),
    expect.stringContaining('endpoints[1] must be'),
    expect.stringContaining('brokers[1] must be'),
  ])
  expect(statusesOf(report)).toMatchObject({ source: 'ok', participant: 'ok', broker: 'ok' })
})

test('entries that are fine apart and not together are named', async () => {
  const devnet = await startTestDevnet()
  const endpoint = `${devnet.url};${devnet.node(0).address}`
  const brokers = [
    { url: 'http://127.0.0.1:1/v1', apiKey: 'k1' },
    { url: 'http://127.0.0.1:1/v2', apiKey: 'k2' },
  ]
  const report = await diagnose(devnet, { endpoints: [endpoint, endpoint], brokers })
  const wrong = report.checks.filter(({ check }) => check === 'configuration').map(({ detail }) => detail)
  expect(wrong).toEqual([expect.stringContaining('once'), expect.stringContaining('brokers[1].name must differ')])
})

test.each([
  ['a source', { GONKA_SOURCE_URL: 'node.example:8000' }, 'set GONKA_SOURCE_URL (option sourceUrls)'],
  ['an endpoint', { GONKA_ENDPOINTS: 'x' }, 'set GONKA_ENDPOINTS (option endpoints)'],
  ['a broker', { GONKA_BROKERS: 'x' }, 'set GONKA_BROKERS (option brokers)'],
  ['a flag', { GONKA_VERIFY_PROOF: 'maybe' }, 'set GONKA_VERIFY_PROOF (option verifyProofs)'],
  ['a trust', { GONKA_TRUST: '5:ab', GONKA_CHAIN_ID: 'c' }, 'set GONKA_TRUST (option trust)'],
  ['a chain', { GONKA_CHAIN_ID: 'c'.repeat(51) }, 'set GONKA_CHAIN_ID (option chainId)'],
])('the next step for %s that is wrong names its variable', async (_, env, next) => {
  const wrong = (await runDoctor({ env })).checks.filter(({ check }) => check === 'configuration')
  expect(wrong).toMatchObject([{ status: 'fail', next: expect.stringContaining(next) }])
})

test('an option without a variable is named as an option', async () => {
  const report = await runDoctor({ env: {}, scheme: 'v3' as never, participantStore: {} as never })
  const wrong = report.checks.filter(({ check }) => check === 'configuration')
  expect(wrong.map(({ next }) => next)).toEqual([
    expect.stringContaining('correct the option scheme'),
    expect.stringContaining('correct the option participantStore'),
  ])
})

test('a trust and a chain id that are both wrong are both named', async () => {
  const report = await runDoctor({ env: { GONKA_TRUST: 'x', GONKA_SOURCE_URL: 'http://127.0.0.1:1' } })
  const wrong = report.checks.filter(({ check }) => check === 'configuration').map(({ detail }) => detail)
  expect(wrong).toEqual([expect.stringContaining('trust must be'), expect.stringContaining('chainId must be')])
})

test('a key is missing also where the source that needs it is wrong', async () => {
  const report = await runDoctor({ env: { GONKA_SOURCE_URL: 'node.example:8000' } })
  expect(rowOf(report, 'key')).toMatchObject({ status: 'fail', next: expect.stringContaining('GONKA_PRIVATE_KEY') })
})

test.each([
  ['a setting', { env: { GONKA_VERIFY_PROOF: 'maybe' } }],
  ['a key', { privateKey: 'ab' }],
  ['an address', { address: 'cosmos1' }],
])('with %s that is wrong nobody answers, as an application would not start', async (_, options) => {
  const devnet = await startTestDevnet()
  const gateway = await startTestDevnet({ mode: 'gateway', seed: 'gateway' })
  const brokers = [{ url: `${gateway.url}/v1`, apiKey: gateway.apiKey }]
  const report = await diagnose(devnet, { brokers, ...options })
  expect(statusesOf(report)).toMatchObject({ participant: 'ok', broker: 'ok' })
  expect(report).toMatchObject({ ok: false, summary: expect.stringContaining('No request can be answered yet') })
})
