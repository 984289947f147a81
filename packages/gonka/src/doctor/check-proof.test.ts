import { expect, test } from 'vitest'
import { diagnose, rowOf, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'

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

test('where every list must be proven and none is, nobody answers, as an application would not start', async () => {
  const devnet = await startTestDevnet()
  const gateway = await startTestDevnet({ mode: 'gateway', seed: 'gateway' })
  await devnet.nextEpoch()
  devnet.node(0).lie('forged-app-hash')
  const report = await diagnose(devnet, {
    chainId: devnet.chainId,
    trust: devnet.trustAnchor(),
    brokers: [{ url: `${gateway.url}/v1`, apiKey: gateway.apiKey }],
  })
  expect(statusesOf(report)).toMatchObject({ proof: 'fail', broker: 'ok' })
  expect(report.checks.filter(({ check }) => check === 'participant')).toEqual([])
  expect(devnet.nodes.flatMap(({ requests }) => requests).filter(({ method }) => method === 'POST')).toEqual([])
  expect(rowOf(report, 'proof').detail).toMatch(/; nobody whom it lists was asked$/)
  expect(report.summary).toContain('No request can be answered yet')
})

test('a source that does not answer has no list to distrust', async () => {
  const devnet = await startTestDevnet()
  await devnet.stop()
  const report = await diagnose(devnet, { chainId: devnet.chainId, trust: 'first-use' })
  expect(statusesOf(report)).toMatchObject({ source: 'fail', proof: 'skipped' })
})
