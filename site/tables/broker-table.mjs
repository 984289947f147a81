import { Router } from '@multiplexer/core/router'
import { registerGonkaModels } from '@multiplexer/gonka'
import { formatTable } from './format-table.mjs'

/** Answers that mean something else at a broker than at a node, or than anywhere else. */
const BROKER_ANSWERS = [
  [401, { error: { message: 'Invalid API key' } }],
  [402, { error: { message: 'Insufficient balance' } }],
  [410, { error: 'deprecated' }],
  [308, { error: 'gateway moved', new_url: 'https://new.example/v1' }],
  [400, { error: { message: 'unsupported model some/model' } }],
  [404, { error: { message: 'model not found' } }],
  [429, { error: { message: 'Too many requests' } }],
  [503, { error: { message: 'no executors available for model' } }],
]

/** Writes the table of what answers of brokers mean, each given by a registered broker. */
export async function renderBrokerTable() {
  const rows = []
  for (const [status, body] of BROKER_ANSWERS) {
    const { kind, scope, reason, retryAfterMs } = await judge(status, JSON.stringify(body))
    const forGood = retryAfterMs === Number.POSITIVE_INFINITY ? ', for good' : ''
    rows.push([String(status), `\`${body.error.message ?? body.error}\``, `\`${kind}\`${forGood}`, scope, reason])
  }
  return formatTable(['status', 'text', 'verdict', 'held against', 'reason in events and errors'], rows)
}

async function judge(status, body) {
  const router = new Router({ retry: { sameMember: 0 } })
  const headers = { 'content-type': 'application/json' }
  await registerGonkaModels(router, {
    brokers: [{ url: 'https://broker.example/v1', apiKey: 'example', models: ['some/model'] }],
    fetch: async () => new Response(body, { status, headers }),
    env: {},
  })
  const request = { model: 'some/model', messages: [{ role: 'user', content: 'Hello' }] }
  const verdicts = []
  router.on('attempt', ({ verdict }) => verdicts.push(verdict))
  await router.fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify(request) })
  return verdicts[0]
}
