import { createParticipant } from '@gonka/protocol'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createWitness } from './fixtures/create-witness.ts'
import { show } from './fixtures/key-traces.ts'
import { answering, startServer } from './fixtures/scripted-server.ts'
import { registerGonkaModels } from './index.ts'

const MODEL = 'sim/model-a'

const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'

const PROMPT = 'a prompt that nobody else may see'

const FROM_ENVIRONMENT = 'from-the-environment'

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]

function linesWith(text: string, secret: string): string[] {
  return text.split('\n').filter((line) => line.includes(secret))
}

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
    brokers: [{ url: `${broker.url}/v1`, apiKey: 'key', models: [MODEL] }],
    allowPrivateHosts: true,
  })
  for (const model of [`gonka:${ADDRESS}`, ...brokers.map(({ name }) => name)])
    await mux.chat.completions.create({ model, messages: MESSAGES })
  expect([participant.seen.length, broker.seen.length]).toEqual([1, 1])
  expect(linesWith(show([participant.seen, broker.seen]), FROM_ENVIRONMENT)).toEqual([])
}, 30_000)
