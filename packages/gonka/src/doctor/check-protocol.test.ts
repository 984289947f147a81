import { expect, test } from 'vitest'
import { diagnose, rowOf, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'

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

test('nodes of the first scheme need it to be set', async () => {
  const devnet = await startTestDevnet({ mode: 'classic-v1' })
  expect(rowOf(await diagnose(devnet), 'protocol')).toMatchObject({
    status: 'fail',
    next: expect.stringContaining("scheme: 'v1'"),
  })
  expect(rowOf(await diagnose(devnet, { scheme: 'v1' }), 'protocol').status).toBe('ok')
})
