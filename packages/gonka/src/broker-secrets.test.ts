import { startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test } from 'vitest'
import { createWitness } from './fixtures/create-witness.ts'
import { show, tracesOf, tracesOfText } from './fixtures/key-traces.ts'
import { answering, brokerAnswering, type Script, startServer } from './fixtures/scripted-server.ts'
import { GonkaConfig } from './gonka-config.ts'
import { registerGonkaModels } from './index.ts'

const MODEL = 'sim/model-a'

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]

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
