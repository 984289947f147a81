import { type FaultSpec, startDevnet } from '@gonka/devnet'
import { createParticipant } from '@gonka/protocol'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test } from 'vitest'
import { createWitness } from './fixtures/create-witness.ts'
import { show, tracesOf } from './fixtures/key-traces.ts'
import { startServer } from './fixtures/scripted-server.ts'
import { GonkaConfig } from './gonka-config.ts'
import { createSigner, type GonkaConfigOptions, registerGonkaModels } from './index.ts'

const MODEL = 'sim/model-a'

const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'

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
