import { startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { show, tracesOf, tracesOfText } from './fixtures/key-traces.ts'
import { answering, brokerAnswering, type Script, startServer } from './fixtures/scripted-server.ts'
import { GonkaConfig } from './gonka-config.ts'
import { createSigner, type GonkaConfigOptions, registerGonkaModels } from './index.ts'

const MODEL = 'sim/model-a'
const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]

/** Catches what reaches the console and the process's streams. */
function captureOutput(): string[] {
  const lines: string[] = []
  const spies = (['debug', 'info', 'log', 'warn', 'error', 'trace'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void lines.push(args.map(show).join(' '))),
  )
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return lines
}

async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}

test('the search finds a key in every form that it looks for', () => {
  const key = '8f3a1c5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f8a1c3e5b7d9f2a4c6e8b0d1f3a'
  const traces = tracesOf(key)
  const bytes = Buffer.from(key, 'hex')
  const forms = [
    key,
    `0x${key}`,
    show(new Uint8Array(bytes)),
    show(bytes),
    bytes.toString('base64'),
    show({ hidden: { key } }),
    `${BigInt(`0x${key}`)}`,
  ]
  for (const form of forms)
    expect(
      traces.some((trace) => form.includes(trace)),
      form,
    ).toBe(true)
})

test('no part of the private key is in requests, errors, inspection, JSON or logs', async () => {
  const output = captureOutput()
  const devnet = await startDevnet({ participants: 3, seed: 'canary', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const { privateKey } = devnet.account
  const log = (...args: unknown[]): void => void output.push(args.map(show).join(' '))
  const logger = { debug: log, info: log, warn: log, error: log }
  const options = {
    sourceUrl: devnet.url,
    privateKey,
    allowPrivateHosts: true,
    env: { GONKA_PRIVATE_KEY: privateKey },
    logger,
    random: () => 0,
    discovery: { retryCount: 0 },
  }
  const mux = new Multiplexer({ logger, retry: { maxAttempts: 3 } })
  const result = await registerGonkaModels(mux, options)
  onTestFinished(() => result.refreshManager?.stop())
  const seen: unknown[] = [mux, result, result.refreshManager, result.registrar, createSigner(privateKey)]
  for (const name of ['attempt', 'failover', 'cooldown', 'completed'] as const)
    mux.on(name, (event) => seen.push(event))

  seen.push(await mux.chat.completions.create({ model: MODEL, messages: MESSAGES }))
  const stream = await mux.chat.completions.create({ model: MODEL, messages: MESSAGES, stream: true })
  for await (const chunk of stream) seen.push(chunk)
  seen.push(new GonkaConfig(options), new GonkaConfig({}, { env: { ...options.env, GONKA_SOURCE_URL: devnet.url } }))
  for (const participant of result.participants) seen.push(result.registrar.clientFactory.createClient(participant))

  const malformed: GonkaConfigOptions[] = [
    { privateKey: privateKey.slice(0, 63) },
    { privateKey: `${privateKey}ab` },
    { privateKey: `${privateKey.slice(0, 63)}g` },
    { privateKey: [privateKey] as never },
    { address: privateKey },
    { sourceUrl: privateKey },
    { sourceUrl: `http://user:${privateKey}@node.example` },
    { endpoints: [privateKey] },
    { endpoints: [`${privateKey};${privateKey}`] },
    { scheme: privateKey as never },
    { refreshEnabled: privateKey as never },
    { signer: createSigner(privateKey) },
    { signer: { address: privateKey } as never, privateKey: undefined },
  ]
  for (const each of malformed) seen.push(await errorOf(() => registerGonkaModels(mux, { ...options, ...each })))
  seen.push(await errorOf(() => registerGonkaModels(mux, options)))
  seen.push(await errorOf(() => registerGonkaModels(mux, { ...options, allowPrivateHosts: false })))

  await devnet.nextEpoch({ join: 1, leave: [2] })
  seen.push(await result.refreshManager?.refreshNow())
  devnet.node(0).fault({ status: 500, path: 'discovery' })
  seen.push(await result.refreshManager?.refreshNow())
  for (const fault of [
    { cutAfterEvents: 2 },
    { status: 401 },
    { status: 400 },
    { reset: true as const },
    { status: 402 },
  ]) {
    for (const node of devnet.nodes) {
      node.clearFault()
      node.fault(fault)
    }
    seen.push(
      await errorOf(async () => {
        const broken = await mux.chat.completions.create({ model: MODEL, messages: MESSAGES, stream: true })
        for await (const chunk of broken) seen.push(chunk)
      }),
    )
  }
  seen.push(mux.getStats())
  await result.refreshManager?.stop()

  const received = devnet.nodes.map(({ requests }) => requests)
  expect(received.flat().filter(({ headers }) => headers.authorization !== undefined).length).toBeGreaterThan(3)
  const haystack = [...seen.map(show), ...output, show(received)].join('\n')
  expect(haystack).toContain('GonkaConfigError')
  expect(haystack).toContain(devnet.account.address)
  expect(tracesOf(privateKey).filter((trace) => haystack.includes(trace))).toEqual([])
}, 30_000)

const BROKER_KEYS = [
  'Qz7vK2mXw9RtB4nLc8YpH3sD',
  'f0aJ6uEy1TgN5oWi7MkVbZ2r',
  'P8xC4hSq3GdU9eLj6FvAnY1t',
  'm2BkR7wIz5XcO0pTg8QyHs4V',
] as const

test('the search finds a broker key in every form that it looks for', () => {
  for (const key of BROKER_KEYS) {
    const header = `Basic ${Buffer.from(`user:${key}`).toString('base64')}`
    for (const form of [key, `Bearer ${key}`, `…${key.slice(9, 17)}…`, show({ hidden: { key } }), header]) {
      expect(tracesOfText(key).some((trace) => form.includes(trace))).toBe(true)
    }
  }
})

test('no part of a broker key is in requests to other hosts, errors, inspection, JSON, events or logs', async () => {
  const output = captureOutput()
  const [first, second, third, fourth] = BROKER_KEYS
  const devnet = await startDevnet({ participants: 2, mode: 'retired', seed: 'canary', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const elsewhere = await startServer(answering(200, { object: 'list', data: [{ id: MODEL }] }))
  let script: Script = answering(503, 'busy')
  const redirecting = await startServer(answering(307, '', { location: `${elsewhere.url}/v1/stolen` }))
  const changing = await startServer(brokerAnswering((request, response) => script(request, response)))
  const echoing = await startServer((request, response) =>
    answering(308, { new_url: `https://x.example/${request.headers.authorization?.slice(7)}` })(request, response),
  )
  const silent = await startServer((request) => request.socket.destroy())
  const servers = [redirecting, changing, echoing, silent]
  const log = (...args: unknown[]): void => void output.push(args.map(show).join(' '))
  const logger = { debug: log, info: log, warn: log, error: log }
  const brokers = servers.map(({ url }, index) => ({ url: `${url}/v1`, apiKey: BROKER_KEYS[index] ?? '' }))
  const env = { GONKA_BROKERS: brokers.map(({ url, apiKey }) => `${url};${apiKey}`).join(',') }
  const options = {
    sourceUrl: devnet.url,
    privateKey: devnet.account.privateKey,
    allowPrivateHosts: true,
    env: {},
    brokers,
    logger,
  }
  const health = { cooldownMs: 1, maxCooldownMs: 2 }
  const mux = new Multiplexer({ logger, health, retry: { sameMember: 0 } })
  const result = await registerGonkaModels(mux, options)
  onTestFinished(() => result.refreshManager?.stop())
  const seen: unknown[] = [mux, result, new GonkaConfig(options), new GonkaConfig({}, { env })]
  for (const name of ['attempt', 'failover', 'cooldown', 'completed', 'recovered'] as const)
    mux.on(name, (event) => seen.push(event))

  for (const chat of [
    answering(503, 'busy'),
    answering(401, 'no'),
    answering(200, '<html>'),
    answering(308, '', { location: elsewhere.url }),
  ]) {
    script = chat
    seen.push(await errorOf(() => mux.chat.completions.create({ model: MODEL, messages: MESSAGES })))
    for (const { name } of result.brokers) {
      const call = () => mux.chat.completions.create({ model: name, messages: MESSAGES, stream: true })
      seen.push(await errorOf(call))
    }
  }
  const wrong: object[] = [
    { url: first, apiKey: second },
    { url: `https://user:${first}@broker.example/v1`, apiKey: second },
    { url: 'https://broker.example/v1', apiKey: `${third}\n` },
    { url: 'https://broker.example/v1', apiKey: ` ${third}` },
    { url: 'https://broker.example/v1', apiKey: [third] },
    { url: 'https://broker.example/v1', apiKey: third, weight: fourth },
    { url: 'https://broker.example/v1', apiKey: third, models: fourth },
    { url: 'https://broker.example/v1', apiKey: third, name: ` ${fourth}` },
  ]
  for (const broker of wrong)
    seen.push(await errorOf(() => registerGonkaModels(mux, { ...options, brokers: [broker as never] })))
  for (const text of [first, `${first};${second}`, `https://broker.example;${first} ${second}`])
    seen.push(await errorOf(() => registerGonkaModels(mux, { env: { GONKA_BROKERS: text } })))
  seen.push(await errorOf(() => registerGonkaModels(mux, { ...options, sourceUrl: undefined })), mux.getStats())

  expect(elsewhere.seen).toEqual([])
  for (const [index, server] of servers.entries()) {
    const own = `Bearer ${BROKER_KEYS[index]}`
    expect(server.seen.length).toBeGreaterThan(1)
    expect(server.seen.every(({ headers }) => headers.authorization === own)).toBe(true)
    const others = BROKER_KEYS.filter((key) => `Bearer ${key}` !== own).flatMap(tracesOfText)
    expect(others.filter((trace) => show(server.seen).includes(trace))).toEqual([])
  }
  const haystack = [...seen.map(show), ...output, show(devnet.nodes.map(({ requests }) => requests))].join('\n')
  for (const text of ['GonkaConfigError', 'AllModelsFailedError', 'used for any model', redirecting.host])
    expect(haystack).toContain(text)
  const traces = [...BROKER_KEYS.flatMap(tracesOfText), ...tracesOf(devnet.account.privateKey)]
  expect(traces.filter((trace) => haystack.includes(trace))).toEqual([])
}, 30_000)
