import { expect, test } from 'vitest'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import { diagnose, rowOf, startTestDevnet, statusesOf, textOf } from './fixtures/diagnose.ts'
import { runDoctor } from './run-doctor.ts'

const STRANGER_KEY = `${'00'.repeat(31)}01`
const STRANGER = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'

test('a network in order passes every check, and nobody is charged or shown a signature', async () => {
  const devnet = await startTestDevnet()
  const before = devnet.balanceOf(devnet.account.address)
  const report = await diagnose(devnet)
  expect(statusesOf(report)).toEqual({
    configuration: 'ok',
    key: 'ok',
    address: 'ok',
    source: 'ok',
    account: 'ok',
    balance: 'ok',
    'public-key': 'ok',
    developers: 'ok',
    'transfer-agents': 'ok',
    clock: 'ok',
    participant: 'ok',
    protocol: 'ok',
    proof: 'warn',
    request: 'skipped',
  })
  expect(report.ok).toBe(true)
  expect(report.summary).toBe(
    '15 checks: 13 ok, 1 warning, 0 failed, 1 skipped. Requests can be answered by 2 participants.',
  )
  expect(rowOf(report, 'source').detail).toBe(
    'epoch 7, 2 participants, integers as numbers; v0.2.13, chain gonka-devnet',
  )
  expect(rowOf(report, 'proof').next).toContain('GONKA_TRUST')
  expect(devnet.balanceOf(devnet.account.address)).toBe(before)
  const headers = devnet.nodes.flatMap(({ requests }) => requests.map((request) => Object.keys(request.headers)))
  expect(headers.length).toBeGreaterThan(5)
  expect(headers.flat().filter((name) => /authorization|x-requester|x-timestamp/.test(name))).toEqual([])
})

test('one request is sent when asked for, through the real path, and is paid for', async () => {
  const devnet = await startTestDevnet()
  const before = devnet.balanceOf(devnet.account.address)
  const report = await diagnose(devnet, { send: true, model: 'sim/model-a' })
  expect(rowOf(report, 'request')).toMatchObject({
    status: 'ok',
    detail: expect.stringMatching(/^answered by gonka:gonka1/),
  })
  expect(devnet.balanceOf(devnet.account.address)).toBeLessThan(before)
  const unserved = await diagnose(devnet, { send: true, model: 'no/such-model' })
  expect(rowOf(unserved, 'request')).toMatchObject({ status: 'fail', next: expect.stringContaining('--model') })
})

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

test('the list of developers: off it, on it, and after it ended', async () => {
  const devnet = await startTestDevnet()
  const { height } = devnet.chain
  devnet.setDevelopers({ untilBlockHeight: height + 1, allowed: [STRANGER] })
  expect(rowOf(await diagnose(devnet), 'developers')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining(`restricted until block height ${height + 1}`),
    next: expect.stringContaining('GONKA_BROKERS'),
  })
  devnet.setDevelopers({ untilBlockHeight: height + 1, allowed: [devnet.account.address] })
  expect(rowOf(await diagnose(devnet), 'developers').detail).toBe('the account is on the list')
  devnet.setDevelopers({ untilBlockHeight: height + 1, allowed: [STRANGER] })
  devnet.chain.advance(1)
  expect(rowOf(await diagnose(devnet), 'developers')).toMatchObject({ status: 'ok' })
})

test('the list of transfer agents: some on it, nobody on it', async () => {
  const devnet = await startTestDevnet()
  devnet.setTransferAgents([devnet.node(0).address])
  const some = await diagnose(devnet)
  expect(rowOf(some, 'transfer-agents')).toMatchObject({ status: 'warn', detail: expect.stringContaining('1 of 2') })
  expect(
    some.checks
      .filter(({ check }) => check === 'participant')
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['ok', 'warn'])
  expect(textOf(some)).toContain('(403)')
  devnet.setTransferAgents([STRANGER])
  const nobody = await diagnose(devnet)
  expect(statusesOf(nobody)).toMatchObject({ 'transfer-agents': 'fail', protocol: 'fail' })
})

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

test('a network that retired signed requests: the next step is a broker, by variable and by option', async () => {
  const devnet = await startTestDevnet({ mode: 'retired' })
  const report = await diagnose(devnet)
  const { status, detail, next } = rowOf(report, 'protocol')
  expect([report.ok, status]).toEqual([false, 'fail'])
  expect(detail).toContain('retired signed requests (410): 2 of 2')
  for (const text of ['GONKA_BROKERS', 'brokers: [{ url, apiKey }]', 'gonkabroker.com']) expect(next).toContain(text)
  const sent = await diagnose(devnet, { send: true })
  expect(rowOf(sent, 'request').detail).toContain('this network retired signed requests (410)')
})

test('a retired network beside a broker that answers is no failure', async () => {
  const retired = await startTestDevnet({ mode: 'retired' })
  const gateway = await startTestDevnet({ mode: 'gateway' })
  const report = await diagnose(retired, {
    brokers: [{ url: `${gateway.url}/v1`, apiKey: gateway.apiKey }],
    send: true,
  })
  expect(statusesOf(report)).toMatchObject({ protocol: 'warn', broker: 'ok', request: 'ok' })
  expect(report).toMatchObject({ ok: true, summary: expect.stringContaining('answered by 1 broker.') })
})

test('participants that take keys are to be configured as brokers', async () => {
  const devnet = await startTestDevnet({ mode: 'gateway' })
  const report = await diagnose(devnet)
  expect(rowOf(report, 'protocol')).toMatchObject({ status: 'fail', next: expect.stringContaining('GONKA_BROKERS') })
})

test('one source is dead: the other is used, and the dead one is named', async () => {
  const devnet = await startTestDevnet()
  const gone = await startTestDevnet({ seed: 'gone', participants: 1 })
  await gone.stop()
  const report = await diagnose(devnet, { sourceUrl: undefined, sourceUrls: [gone.url, devnet.url] })
  const sources = report.checks.filter(({ check }) => check === 'source')
  expect(sources).toMatchObject([
    { subject: gone.url, status: 'fail', detail: expect.stringContaining('ECONNREFUSED') },
    { subject: devnet.url, status: 'ok' },
  ])
  expect(statusesOf(report)).toMatchObject({ account: 'ok', participant: 'ok', protocol: 'ok' })
  const alone = await diagnose(devnet, { sourceUrl: gone.url })
  expect(statusesOf(alone)).toMatchObject({ source: 'fail', account: 'skipped', clock: 'skipped', protocol: 'skipped' })
})

test('a source that never answers costs no more than the time limit', async () => {
  const silent = await startServer(() => {})
  const report = await runDoctor({ sourceUrl: silent.url, privateKey: STRANGER_KEY, env: {}, timeoutMs: 50 })
  expect(rowOf(report, 'source').detail).toContain('did not answer within 50 ms')
})

test.each([
  ['a reset', { reset: true }, 'could not be reached'],
  ['a full house', { status: 429, body: { error: 'Transfer Agent capacity reached. Try another TA' } }, '(429)'],
  ['a page of the proxy', { status: 503, body: '<html>', headers: { 'content-type': 'text/html' } }, '(503)'],
  ['garbage', { garbage: true }, 'answered 200'],
] as const)('a participant that answers with %s is a warning while another serves', async (_, fault, detail) => {
  const devnet = await startTestDevnet()
  devnet.node(1).fault({ ...fault, path: 'chat' })
  const report = await diagnose(devnet)
  const rows = report.checks.filter(({ check }) => check === 'participant')
  expect(rows.find(({ status }) => status === 'warn')?.detail).toContain(detail)
  expect(rowOf(report, 'protocol')).toMatchObject({ status: 'ok', detail: expect.stringContaining('1 of 2') })
  expect(report.summary).toContain('answered by 1 participant.')
})

test('a source that writes garbage is named, and its other routes are not believed', async () => {
  const devnet = await startTestDevnet()
  devnet.node(0).fault({ garbage: true, path: 'all' })
  const report = await diagnose(devnet)
  expect(rowOf(report, 'source')).toMatchObject({ status: 'fail', next: expect.stringContaining('another node') })
  expect(statusesOf(report)).toMatchObject({ account: 'skipped', developers: 'skipped', proof: 'skipped' })
})

test('names that lead to private hosts are looked up as in an application', async () => {
  const { url } = await startTestDevnet()
  const listed = url.replace('127.0.0.1', 'node.example')
  const source = await startServer((request, response) => {
    const participants = [{ index: STRANGER, weight: 1, inference_url: listed, models: ['m'] }]
    const isList = request.url?.endsWith('/participants')
    answering(isList ? 200 : 404, { active_participants: { participants, epoch_id: 7 } })(request, response)
  })
  const asked: string[] = []
  const resolveHost = async (host: string): Promise<readonly string[]> => {
    asked.push(host)
    return ['10.0.0.1']
  }
  const report = await runDoctor({ sourceUrl: source.url, privateKey: STRANGER_KEY, env: {}, resolveHost })
  expect(asked).toEqual(['node.example'])
  expect(rowOf(report, 'source')).toMatchObject({ status: 'fail', detail: expect.stringContaining('private address') })
})

test('it reads stores and writes none', async () => {
  const devnet = await startTestDevnet()
  await devnet.nextEpoch()
  const calls: string[] = []
  const store = {
    load: async () => void calls.push('load'),
    save: async () => void calls.push('save'),
  } as const
  const proofs = { chainId: devnet.chainId, trust: devnet.trustAnchor(), trustStore: store, participantStore: store }
  const report = await diagnose(devnet, { ...proofs, send: true })
  expect(statusesOf(report)).toMatchObject({ proof: 'ok', request: 'ok' })
  expect(new Set(calls)).toEqual(new Set(['load']))
})

test('a list at private hosts is refused until they are allowed', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { allowPrivateHosts: false })
  expect(rowOf(report, 'source')).toMatchObject({
    status: 'fail',
    next: expect.stringContaining('--allow-private-hosts'),
  })
  expect(devnet.nodes.flatMap(({ requests }) => requests).filter(({ method }) => method === 'POST')).toEqual([])
})

test('a source that lies is found out where lists must be proven, beside one that does not', async () => {
  const devnet = await startTestDevnet()
  await devnet.nextEpoch()
  devnet.node(0).lie('forged-app-hash')
  const { chainId } = devnet
  const report = await diagnose(devnet, {
    sourceUrl: undefined,
    sourceUrls: devnet.urls,
    chainId,
    trust: devnet.trustAnchor(),
  })
  const [liar, honest] = report.checks.filter(({ check }) => check === 'proof')
  expect(liar).toMatchObject({
    subject: devnet.node(0).url,
    status: 'fail',
    next: expect.stringContaining('do not use'),
  })
  expect(honest).toMatchObject({ subject: devnet.node(1).url, status: 'ok' })
  expect(honest?.detail).toMatch(/^epoch 8 is proven by header \d+ \([0-9a-f]{64}\); trust: anchored$/)
})

test('a participant by hand under the address of another is named', async () => {
  const devnet = await startTestDevnet()
  const [first, second] = devnet.nodes
  const report = await diagnose(devnet, { sourceUrl: undefined, endpoints: [`${first?.url};${second?.address}`] })
  expect(rowOf(report, 'participant')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining(first?.address ?? ''),
  })
  const right = await diagnose(devnet, { sourceUrl: undefined, endpoints: [`${first?.url};${first?.address}`] })
  expect(statusesOf(right)).toMatchObject({ participant: 'ok', account: 'ok', clock: 'ok', protocol: 'ok' })
})

test('nodes of the first scheme need it to be set', async () => {
  const devnet = await startTestDevnet({ mode: 'classic-v1' })
  expect(rowOf(await diagnose(devnet), 'protocol')).toMatchObject({
    status: 'fail',
    next: expect.stringContaining("scheme: 'v1'"),
  })
  expect(rowOf(await diagnose(devnet, { scheme: 'v1' }), 'protocol').status).toBe('ok')
})

test('a source on another chain is named', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { chainId: 'gonka-mainnet' })
  expect(rowOf(report, 'source')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('gonka-mainnet is configured'),
  })
})

test('only so many participants are asked, the heaviest', async () => {
  const devnet = await startTestDevnet({ participants: [{ weight: 1 }, { weight: 9 }, { weight: 5 }] })
  const report = await diagnose(devnet, { maxParticipants: 2 })
  const asked = report.checks.filter(({ check }) => check === 'participant').map(({ subject }) => subject)
  expect(asked).toEqual([1, 2].map((index) => expect.stringContaining(devnet.node(index).address)))
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

test('what strangers write cannot move the cursor of a terminal', async () => {
  const rude = await startServer((request, response) => {
    const error = '\u001b[2J\u009b31m\u202ethe node\n\nis ok'
    answering(request.method === 'GET' ? 503 : 400, { error })(request, response)
  })
  const broker = { url: `${rude.url}/v1`, apiKey: 'a-key-of-mine', models: ['\u001b[2J\u009b31m\u202emodel\n\nok'] }
  const report = await runDoctor({ env: {}, privateKey: STRANGER_KEY, sourceUrl: rude.url, brokers: [broker] })
  expect(rowOf(report, 'broker').detail).toContain('model ok')
  expect(rowOf(report, 'source').detail).toContain('is ok')
  expect(report.checks.map(({ detail }) => detail).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

test('it ends with its signal, and refuses limits that are none', async () => {
  const devnet = await startTestDevnet()
  const reason = new Error('enough')
  await expect(diagnose(devnet, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const silent = await startServer(() => controller.abort(reason))
  const controller = new AbortController()
  await expect(diagnose(devnet, { sourceUrl: silent.url, signal: controller.signal })).rejects.toBe(reason)
  for (const wrong of [{ timeoutMs: 0 }, { timeoutMs: 1.5 }, { maxParticipants: 0 }]) {
    await expect(diagnose(devnet, wrong)).rejects.toMatchObject({ code: 'config-invalid' })
  }
})

test('it says what it does next', async () => {
  const devnet = await startTestDevnet()
  const said: string[] = []
  await diagnose(devnet, { onProgress: (text) => said.push(text) })
  expect(said[0]).toBe('asking 1 source')
  expect(said.length).toBeGreaterThan(2)
})
