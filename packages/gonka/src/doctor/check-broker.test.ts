import { expect, test } from 'vitest'
import { answering, brokerAnswering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { rowOf, startTestDevnet, statusesOf } from './fixtures/diagnose.ts'
import { runDoctor } from './run-doctor.ts'
import type { DoctorReport } from './types.ts'

const KEY = 'f0aJ6uEy1TgN5oWi'

function diagnoseBroker(url: string, apiKey = KEY): Promise<DoctorReport> {
  return runDoctor({ env: { GONKA_BROKERS: `${url};${apiKey}` } })
}

test('a good key passes, needs no private key, and pays for nothing', async () => {
  const devnet = await startTestDevnet({ mode: 'gateway' })
  const report = await diagnoseBroker(`${devnet.url}/v1`, devnet.apiKey)
  expect(statusesOf(report)).toMatchObject({ key: 'skipped', account: 'skipped', broker: 'ok', protocol: 'ok' })
  expect(rowOf(report, 'broker').detail).toBe('accepts the key; 1 model: sim/model-a')
  expect(report.summary).toContain('Requests can be answered by 1 broker.')
  expect(devnet.nodes.map(({ served }) => served)).toEqual([0, 0])
})

test('a bad key is told from a good one', async () => {
  const devnet = await startTestDevnet({ mode: 'gateway' })
  const report = await diagnoseBroker(`${devnet.url}/v1`)
  expect(rowOf(report, 'broker')).toMatchObject({
    status: 'fail',
    detail: 'refused the API key (401)',
    next: expect.stringContaining('GONKA_BROKERS'),
  })
  expect(report).toMatchObject({ ok: false, summary: expect.stringContaining('No request can be answered yet') })
})

const REFUSALS: readonly [string, Script, { status: string; detail: RegExp; next: RegExp }][] = [
  ['a balance used up', answering(402, ''), { status: 'fail', detail: /\(402\)/, next: /add funds/ }],
  [
    'a gateway that moved',
    answering(308, { new_url: 'https://new.example/v1' }),
    { status: 'fail', detail: /names https:\/\/new\.example\/v1/, next: /URL/ },
  ],
  [
    'a redirect',
    answering(302, '', { location: 'https://evil.example/' }),
    { status: 'fail', detail: /redirect/, next: /URL/ },
  ],
  [
    'a redirect to https',
    (request, response) => response.writeHead(301, { location: `https://${request.headers.host}${request.url}` }).end(),
    { status: 'fail', detail: /redirect to https.*begin the URL with https/, next: /URL/ },
  ],
  [
    'a firewall',
    answering(403, '<html>Attention Required!</html>', { 'content-type': 'text/html' }),
    { status: 'warn', detail: /answered 403, so that its key could not be checked/, next: /--send/ },
  ],
  [
    'a model that the key is not for',
    answering(403, { error: { message: 'this key has no access to the model' } }),
    { status: 'warn', detail: /answered 403, so that its key could not be checked/, next: /--send/ },
  ],
  [
    'a key without rights',
    answering(403, { error: { message: 'no' } }),
    { status: 'fail', detail: /API key \(403\)/, next: /GONKA_BROKERS/ },
  ],
  ['a path that nobody serves', answering(404, 'page not found'), { status: 'fail', detail: /\(404\)/, next: /\/v1/ }],
  ['a retired path', answering(410, ''), { status: 'fail', detail: /\(410\)/, next: /URL/ }],
  ['a page', answering(200, '<html>'), { status: 'fail', detail: /no API of models/, next: /URL/ }],
  ['nothing', answering(204, ''), { status: 'fail', detail: /no API of models/, next: /URL/ }],
  [
    'a completion of a model that there is not',
    answering(200, { choices: [] }),
    { status: 'ok', detail: /accepts the key/, next: /^$/ },
  ],
  ['a limit', answering(429, ''), { status: 'warn', detail: /429/, next: /later/ }],
  ['an outage', answering(502, '<html>'), { status: 'warn', detail: /502/, next: /later/ }],
  [
    'a model that there is not',
    answering(404, { error: { message: 'no such model' } }),
    { status: 'ok', detail: /accepts the key/, next: /^$/ },
  ],
]

test.each(REFUSALS)('%s', async (_, chat, { status, detail, next }) => {
  const { url } = await startServer(brokerAnswering(chat))
  const row = rowOf(await diagnoseBroker(`${url}/v1`), 'broker')
  expect(row.status).toBe(status)
  expect(row.detail).toMatch(detail)
  expect(row.next ?? '').toMatch(next)
})

test('one broker that answers is enough, and the other is still named', async () => {
  const { url, host } = await startServer(brokerAnswering(answering(400, { error: { message: 'unsupported model' } })))
  const report = await runDoctor({
    env: {},
    brokers: [
      { url: `${url}/v1`, apiKey: KEY },
      { url: `${url}/elsewhere`, apiKey: KEY, name: 'other', models: ['m'] },
    ],
    fetch: (input, init) => {
      if (String(input).includes('/elsewhere'))
        throw Object.assign(new TypeError('fetch failed'), { code: 'ENOTFOUND' })
      return globalThis.fetch(input, init)
    },
  })
  expect(report.checks.filter(({ check }) => check === 'broker')).toMatchObject([
    { subject: host, status: 'ok' },
    { subject: 'other', status: 'fail', detail: expect.stringContaining('ENOTFOUND') },
  ])
  expect(rowOf(report, 'protocol')).toMatchObject({ status: 'ok', detail: '1 of 2 brokers accepted the API key' })
})

test.each<[string, Script, RegExp]>([
  ['an outage', answering(500, ''), /GET models was answered with HTTP 500/],
  ['a page', answering(200, '<html>'), /GET models is not JSON/],
  ['a redirect', answering(302, '', { location: 'https://evil.example/' }), /HTTP 302/],
])('a broker whose list of models is %s accepts the key, and models are to be named', async (_, models, reason) => {
  const refusal = answering(400, { error: { message: 'unsupported model' } })
  const { url } = await startServer((request, response) =>
    (request.url?.endsWith('/models') ? models : refusal)(request, response),
  )
  const report = await runDoctor({ env: { GONKA_BROKERS: `${url}/v1;${KEY}` } })
  const row = rowOf(report, 'broker')
  expect(row).toMatchObject({ status: 'ok', next: expect.stringContaining('brokers[].models') })
  expect(row.detail).toMatch(reason)
})
