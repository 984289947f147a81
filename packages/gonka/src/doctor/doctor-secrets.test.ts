import { expect, onTestFinished, test, vi } from 'vitest'
import { formatReport } from '../cli/format-report.ts'
import { show, tracesOf, tracesOfText } from '../fixtures/key-traces.ts'
import { answering, brokerAnswering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { diagnose, startTestDevnet } from './fixtures/diagnose.ts'
import type { DoctorOptions } from './types.ts'

const BROKER_KEYS = ['Qz7vK2mXw9RtB4nLc8YpH3sD', 'f0aJ6uEy1TgN5oWi7MkVbZ2r'] as const
const CREDENTIALS = 'm2BkR7wIz5XcO0pTg8QyHs4V'

/** Answers whatever it is asked with what it was sent: the Authorization header, in every place that a report may show. */
const echo: Script = (request, response) => {
  const key = request.headers.authorization ?? 'nothing'
  const body = {
    object: 'list',
    data: [{ id: key }, { id: key.slice(9, 20) }],
    error: { message: key },
    new_url: `https://x.example/${key.slice(7)}`,
  }
  answering(request.url?.endsWith('/models') ? 200 : 308, body)(request, response)
}

test('no part of a key or of credentials is in a report, as text, JSON or inspected, or on the console', async () => {
  const output: string[] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const spy = vi
      .spyOn(console, method)
      .mockImplementation((...args: unknown[]) => void output.push(args.map(show).join(' ')))
    onTestFinished(() => spy.mockRestore())
  }
  const devnet = await startTestDevnet({ seed: 'canary' })
  const retired = await startTestDevnet({ seed: 'canary', mode: 'retired' })
  const gateway = await startTestDevnet({ seed: 'canary', mode: 'gateway' })
  const elsewhere = await startServer(answering(200, {}))
  const echoing = await startServer(echo)
  const redirecting = await startServer(answering(307, '', { location: `${elsewhere.url}/stolen` }))
  const refusing = await startServer(brokerAnswering(answering(401, { error: { message: 'no' } })))
  const breaking = await startServer((request) => request.socket.destroy())
  const { privateKey } = devnet.account
  const [first, second] = BROKER_KEYS
  const brokersAt = (url: string): DoctorOptions['brokers'] => [{ url: `${url}/v1`, apiKey: first }]
  const cases: DoctorOptions[] = [
    {},
    { send: true },
    { privateKey: privateKey.slice(0, 63) },
    { privateKey: `${privateKey}00` },
    { privateKey: `0x${privateKey}` },
    { privateKey: undefined, env: { GONKA_PRIVATE_KEY: privateKey } },
    { address: privateKey },
    { sourceUrl: privateKey },
    { sourceUrl: `http://user:${CREDENTIALS}@node.example` },
    { sourceUrl: `http://node.example/?key=${CREDENTIALS}` },
    { endpoints: [`http://user:${CREDENTIALS}@node.example;gonka1`] },
    { endpoints: [privateKey] },
    { chainId: privateKey, trust: { height: 1, hash: privateKey } },
    { trust: { height: 1, hash: privateKey.slice(1) } },
    { verifyProofs: privateKey as never, scheme: privateKey as never },
    { model: privateKey, send: true },
    { keyOrigin: privateKey },
    { env: { GONKA_BROKERS: first } },
    { env: { GONKA_BROKERS: `https://user:${CREDENTIALS}@broker.example/v1;${first}` } },
    { brokers: [{ url: 'https://broker.example/v1', apiKey: ` ${first}` }] },
    { brokers: [{ url: first, apiKey: second }], signer: privateKey as never, privateKey: undefined },
    ...[gateway, echoing, redirecting, refusing, breaking].map(({ url }) => ({ brokers: brokersAt(url), send: true })),
    { sourceUrl: retired.url, send: true },
    { sourceUrl: echoing.url },
    { sourceUrl: redirecting.url },
    { sourceUrl: breaking.url, send: true },
  ]
  for (const each of cases) {
    const report = await diagnose(devnet, each)
    output.push(formatReport(report), JSON.stringify(report), show(report))
  }
  const haystack = output.join('\n')
  expect(haystack).toContain('[redacted]')
  expect(haystack).toContain('refused the API key (401)')
  expect(haystack).toContain('retired signed requests (410)')
  const traces = [...tracesOf(privateKey), ...BROKER_KEYS.flatMap(tracesOfText), ...tracesOfText(CREDENTIALS)]
  expect(traces.filter((trace) => haystack.includes(trace))).toEqual([])
  expect(elsewhere.seen).toEqual([])
  const sent = show([devnet, retired].flatMap(({ nodes }) => nodes.map(({ requests }) => requests)))
  expect(traces.filter((trace) => sent.includes(trace))).toEqual([])
}, 30_000)

test('a key goes to its own broker and to nobody else', async () => {
  const servers = await Promise.all(BROKER_KEYS.map(() => startServer(brokerAnswering(answering(400, {})))))
  const devnet = await startTestDevnet()
  const brokers = servers.map(({ url }, index) => ({ url: `${url}/v1`, apiKey: BROKER_KEYS[index] ?? '' }))
  await diagnose(devnet, { brokers })
  for (const [index, { seen }] of servers.entries()) {
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(seen.map(() => `Bearer ${BROKER_KEYS[index]}`))
    expect(seen).toHaveLength(2)
  }
})
