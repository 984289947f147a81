import { expect, test } from 'vitest'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import { diagnose, rowOf, STRANGER_KEY, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'
import { runDoctor } from './run-doctor.ts'

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
