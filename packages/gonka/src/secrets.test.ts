import { type FaultSpec, startDevnet } from '@gonka/devnet'
import { createParticipant } from '@gonka/protocol'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createWitness } from './fixtures/create-witness.ts'
import { show, tracesOf, tracesOfText } from './fixtures/key-traces.ts'
import { answering, brokerAnswering, type Script, startServer } from './fixtures/scripted-server.ts'
import { GonkaConfig } from './gonka-config.ts'
import { createSigner, type GonkaConfigOptions, registerGonkaModels } from './index.ts'

const MODEL = 'sim/model-a'
const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'
const PROMPT = 'a prompt that nobody else may see'
const FROM_ENVIRONMENT = 'from-the-environment'
/** Errors that a program can meet with a key in its configuration; those of waiting calls have a test of their own. */
const ERROR_NAMES = [
  'AllModelsFailedError',
  'ModelSelectionError',
  'MultiplexerError',
  'StreamInterruptedError',
  'GonkaClientError',
  'GonkaConfigError',
  'GonkaNoParticipantsError',
  'GonkaProofVerificationError',
  'GonkaRefreshError',
  'GonkaDiscoveryError',
  'BadRequestError',
]
const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]

function linesWith(text: string, secret: string): string[] {
  return text.split('\n').filter((line) => line.includes(secret))
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
  const witness = createWitness()
  const { logger, tracer, note, noteFailure } = witness
  const devnet = await startDevnet({ participants: 3, seed: 'canary', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const { privateKey } = devnet.account
  const options = {
    sourceUrl: devnet.url,
    privateKey,
    verifyProofs: true,
    trust: devnet.trustAnchor(),
    chainId: devnet.chainId,
    trustStore: witness.createStore(),
    participantStore: witness.createStore(),
    allowPrivateHosts: true,
    env: { GONKA_PRIVATE_KEY: privateKey },
    logger,
    random: () => 0,
    discovery: { retryCount: 0 },
  }
  const health = { failureThreshold: 1, cooldownMs: 1, maxCooldownMs: 1 }
  const mux = new Multiplexer({ logger, tracer, retry: { maxAttempts: 3 }, health, maxBodyBytes: 10_000 })
  const result = await registerGonkaModels(mux, options)
  onTestFinished(() => result.refreshManager?.stop())
  note(mux, result, result.refreshManager, result.registrar, createSigner(privateKey))
  witness.follow(mux)

  note(await mux.chat.completions.create({ model: MODEL, messages: MESSAGES }))
  const stream = await mux.chat.completions.create({ model: MODEL, messages: MESSAGES, stream: true })
  for await (const chunk of stream) note(chunk)
  note(new GonkaConfig(options), new GonkaConfig({}, { env: { ...options.env, GONKA_SOURCE_URL: devnet.url } }))
  for (const participant of result.participants) note(result.registrar.clientFactory.createClient(participant))

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
  for (const each of malformed) await noteFailure(() => registerGonkaModels(mux, { ...options, ...each }))
  await noteFailure(() => registerGonkaModels(mux, options))
  await noteFailure(() => registerGonkaModels(mux, { ...options, allowPrivateHosts: false }))
  const forged = { ...devnet.trustAnchor(), hash: '0'.repeat(64) }
  await noteFailure(() => registerGonkaModels(mux, { ...options, trust: forged, trustStore: witness.createStore() }))
  await noteFailure(() => mux.chat.completions.create({ model: 'no/such', messages: MESSAGES }))
  await noteFailure(() => mux.chat.completions.create({ model: MODEL, messages: MESSAGES, user: 'x'.repeat(10_000) }))
  await noteFailure(() => mux.chat.completions.retrieve('stored'))

  await devnet.nextEpoch({ join: 1, leave: [2] })
  note(await result.refreshManager?.refreshNow())
  devnet.node(0).fault({ status: 500, path: 'discovery' })
  note(await result.refreshManager?.refreshNow())
  const failWith = async (fault: FaultSpec): Promise<void> => {
    for (const node of devnet.nodes) node.fault(fault)
    await noteFailure(async () => {
      const broken = await mux.chat.completions.create({ model: MODEL, messages: MESSAGES, stream: true })
      for await (const chunk of broken) note(chunk)
    })
    for (const node of devnet.nodes) node.clearFault()
  }
  for (const fault of [{ cutAfterEvents: 2 }, { status: 400 }, { reset: true as const }]) await failWith(fault)
  for (const _ of devnet.nodes) note(await mux.chat.completions.create({ model: MODEL, messages: MESSAGES }))
  for (const status of [401, 402]) await failWith({ status })
  note(mux.getStats())
  await result.refreshManager?.stop()

  const received = devnet.nodes.map(({ requests }) => requests)
  expect(received.flat().filter(({ headers }) => headers.authorization !== undefined).length).toBeGreaterThan(3)
  const haystack = `${witness.text()}\n${show(received)}`
  expect(ERROR_NAMES.filter((name) => !haystack.includes(name))).toEqual([])
  expect(haystack.includes(devnet.account.address)).toBe(true)
  expect([...witness.events].sort()).toEqual(['attempt', 'completed', 'cooldown', 'failover', 'recovered'])
  expect(witness.saved.length).toBeGreaterThan(1)
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

/** What some APIs write: the key that they refuse, as it came. */
const echoKey: Script = (request, response) =>
  answering(401, { error: { message: `Incorrect API key provided: ${request.headers.authorization?.slice(7)}` } })(
    request,
    response,
  )

test('no part of a broker key is in requests to other hosts, errors, inspection, JSON, events or logs', async () => {
  const witness = createWitness()
  const { logger, tracer, note, noteFailure } = witness
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
  const mux = new Multiplexer({ logger, tracer, health, retry: { sameMember: 0 } })
  const result = await registerGonkaModels(mux, options)
  onTestFinished(() => result.refreshManager?.stop())
  note(mux, result, new GonkaConfig(options), new GonkaConfig({}, { env }))
  witness.follow(mux)

  for (const chat of [
    answering(503, 'busy'),
    echoKey,
    answering(200, '<html>'),
    answering(308, '', { location: elsewhere.url }),
  ]) {
    script = chat
    await noteFailure(() => mux.chat.completions.create({ model: MODEL, messages: MESSAGES }))
    for (const { name } of result.brokers) {
      const call = () => mux.chat.completions.create({ model: name, messages: MESSAGES, stream: true })
      await noteFailure(call)
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
    await noteFailure(() => registerGonkaModels(mux, { ...options, brokers: [broker as never] }))
  for (const text of [first, `${first};${second}`, `https://broker.example;${first} ${second}`])
    await noteFailure(() => registerGonkaModels(mux, { env: { GONKA_BROKERS: text } }))
  await noteFailure(() => registerGonkaModels(mux, { ...options, sourceUrl: undefined }))
  note(mux.getStats())

  expect(elsewhere.seen).toEqual([])
  for (const [index, server] of servers.entries()) {
    const own = `Bearer ${BROKER_KEYS[index]}`
    expect(server.seen.length).toBeGreaterThan(1)
    expect(server.seen.every(({ headers }) => headers.authorization === own)).toBe(true)
    const others = BROKER_KEYS.filter((key) => `Bearer ${key}` !== own).flatMap(tracesOfText)
    expect(others.filter((trace) => show(server.seen).includes(trace))).toEqual([])
  }
  const haystack = `${witness.text()}\n${show(devnet.nodes.map(({ requests }) => requests))}`
  for (const text of ['GonkaConfigError', 'AllModelsFailedError', 'used for any model', redirecting.host])
    expect(haystack).toContain(text)
  const traces = [...BROKER_KEYS.flatMap(tracesOfText), ...tracesOf(devnet.account.privateKey)]
  expect(traces.filter((trace) => haystack.includes(trace))).toEqual([])
}, 30_000)

test('no part of the private key is in the errors of calls that wait, or of sources that are silent', async () => {
  const witness = createWitness()
  const { logger, tracer, noteFailure } = witness
  const silent = await startServer(() => undefined)
  const privateKey = '8f3a1c5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f8a1c3e5b7d9f2a4c6e8b0d1f3a'
  const endpoint = createParticipant({ address: ADDRESS, inferenceUrl: silent.url, models: [MODEL] })
  const options = {
    privateKey,
    endpoints: [endpoint],
    defaultMaxConcurrent: 1,
    allowPrivateHosts: true,
    env: {},
    logger,
  }
  const mux = new Multiplexer({ logger, tracer, deadlineMs: 200, queue: { maxLength: 1, timeoutMs: 50 } })
  witness.follow(mux)
  await registerGonkaModels(mux, options)
  const ask = () => mux.chat.completions.create({ model: MODEL, messages: MESSAGES })
  await Promise.all([noteFailure(ask), noteFailure(ask), noteFailure(ask)])
  const discovery = { retryCount: 0, timeoutMs: 50 }
  await noteFailure(() => registerGonkaModels(mux, { ...options, endpoints: [], sourceUrl: silent.url, discovery }))
  const haystack = witness.text()
  const names = ['DeadlineExceededError', 'QueueFullError', 'QueueTimeoutError', 'GonkaDiscoveryError']
  expect(names.filter((name) => !haystack.includes(name))).toEqual([])
  expect(tracesOf(privateKey).filter((trace) => haystack.includes(trace))).toEqual([])
}, 30_000)

test('what a participant repeats of a request is in no event, log, trace or error of ours', async () => {
  const witness = createWitness()
  const { logger, tracer, note, noteFailure } = witness
  let status = 500
  const echoing = await startServer(async (request, response) => {
    const { authorization } = request.headers
    const text = `account ${PROMPT} ${authorization}`
    const body = { error: text, message: text, new_url: `https://x.example/${PROMPT}?${authorization}` }
    response.writeHead(status, text.slice(0, 30), { 'content-type': 'application/json', 'x-echo': text })
    response.end(JSON.stringify(body))
  })
  const endpoint = createParticipant({ address: ADDRESS, inferenceUrl: echoing.url, models: [MODEL] })
  for (status of [308, 402, 408, 410, 429, 500, 503]) {
    const mux = new Multiplexer({
      logger,
      tracer,
      retry: { backoffMs: 1 },
      health: { cooldownMs: 1, maxCooldownMs: 1 },
    })
    witness.follow(mux)
    await registerGonkaModels(mux, {
      privateKey: `${'00'.repeat(31)}01`,
      endpoints: [endpoint],
      allowPrivateHosts: true,
      env: {},
      logger,
    })
    await noteFailure(() =>
      mux.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: PROMPT }] }),
    )
    note(mux, mux.getStats())
  }
  const haystack = witness.text()
  expect(haystack.match(/AllModelsFailedError: /g)?.length).toBeGreaterThanOrEqual(7)
  const secrets = [PROMPT, ...echoing.seen.map(({ headers }) => headers.authorization ?? '')]
  expect(secrets.flatMap((secret) => linesWith(haystack, secret))).toEqual([])
}, 30_000)

test('nothing of the OPENAI_ variables is sent to participants or brokers', async () => {
  for (const name of ['API_KEY', 'ADMIN_KEY', 'ORG_ID', 'PROJECT_ID', 'WEBHOOK_SECRET'])
    vi.stubEnv(`OPENAI_${name}`, FROM_ENVIRONMENT)
  vi.stubEnv('OPENAI_BASE_URL', `http://127.0.0.1:1/${FROM_ENVIRONMENT}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const answer = answering(200, { choices: [{ index: 0, message: { content: 'yes' }, finish_reason: 'stop' }] })
  const [participant, broker] = [await startServer(answer), await startServer(answer)]
  const mux = new Multiplexer()
  const { brokers } = await registerGonkaModels(mux, {
    privateKey: `${'00'.repeat(31)}01`,
    endpoints: [createParticipant({ address: ADDRESS, inferenceUrl: participant.url, models: [MODEL] })],
    brokers: [{ url: `${broker.url}/v1`, apiKey: BROKER_KEYS[0], models: [MODEL] }],
    allowPrivateHosts: true,
  })
  for (const model of [`gonka:${ADDRESS}`, ...brokers.map(({ name }) => name)])
    await mux.chat.completions.create({ model, messages: MESSAGES })
  expect([participant.seen.length, broker.seen.length]).toEqual([1, 1])
  expect(linesWith(show([participant.seen, broker.seen]), FROM_ENVIRONMENT)).toEqual([])
}, 30_000)
