import { expect, test } from 'vitest'
import { diagnose, rowOf, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'

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

test('only so many participants are asked, the heaviest', async () => {
  const devnet = await startTestDevnet({ participants: [{ weight: 1 }, { weight: 9 }, { weight: 5 }] })
  const report = await diagnose(devnet, { maxParticipants: 2 })
  const asked = report.checks.filter(({ check }) => check === 'participant').map(({ subject }) => subject)
  expect(asked).toEqual([1, 2].map((index) => expect.stringContaining(devnet.node(index).address)))
})
