import { expect, test } from 'vitest'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import { diagnose, rowOf, STRANGER, STRANGER_KEY, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'
import { runDoctor } from './run-doctor.ts'

/** Nobody listens there, and the system gives it to nobody: a port that was just closed may be somebody else's by now. */
const DEAD_URL = 'http://127.0.0.1:2'

test('one source is dead: the other is used, and the dead one is named', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { sourceUrl: undefined, sourceUrls: [DEAD_URL, devnet.url] })
  const sources = report.checks.filter(({ check }) => check === 'source')
  expect(sources).toMatchObject([
    { subject: DEAD_URL, status: 'fail', detail: expect.stringContaining('ECONNREFUSED') },
    { subject: devnet.url, status: 'ok' },
  ])
  expect(statusesOf(report)).toMatchObject({ account: 'ok', participant: 'ok', protocol: 'ok' })
  const alone = await diagnose(devnet, { sourceUrl: DEAD_URL })
  expect(statusesOf(alone)).toMatchObject({ source: 'fail', account: 'skipped', clock: 'skipped', protocol: 'skipped' })
})

test('a source that never answers costs no more than the time limit', async () => {
  const silent = await startServer(() => {})
  const report = await runDoctor({ sourceUrl: silent.url, privateKey: STRANGER_KEY, env: {}, timeoutMs: 50 })
  expect(rowOf(report, 'source').detail).toContain('did not answer within 50 ms')
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

test('a list at private hosts is refused until they are allowed', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { allowPrivateHosts: false })
  expect(rowOf(report, 'source')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('for local networks; v0.2.13'),
    next: expect.stringContaining('--allow-private-hosts'),
  })
  expect(devnet.nodes.flatMap(({ requests }) => requests).filter(({ method }) => method === 'POST')).toEqual([])
})

test('a source on another chain is named', async () => {
  const devnet = await startTestDevnet()
  const report = await diagnose(devnet, { chainId: 'gonka-mainnet' })
  expect(rowOf(report, 'source')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('gonka-mainnet is configured'),
  })
})
