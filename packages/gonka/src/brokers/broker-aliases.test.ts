import { Multiplexer } from '@multiplexer/core'
import { expect, test } from 'vitest'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import { GonkaConfig } from '../gonka-config.ts'
import { registerGonkaModels } from '../register-gonka-models.ts'

const KEY = 'gk-prx-c0ffee5ec4e7'
const CHAT = { choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }] }

/** A broker that serves one model, and what it was asked for. */
async function startBroker(model: string, status: number) {
  const asked: unknown[] = []
  const { url, host } = await startServer((request, response) => {
    const isList = request.url?.endsWith('/models')
    if (isList) return answering(200, { data: [{ id: model }] })(request, response)
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      asked.push(JSON.parse(body).model)
      answering(status, status === 200 ? CHAT : 'busy', { 'content-type': 'application/json' })(request, response)
    })
  })
  return { url: `${url}/v1`, host, asked }
}

test('brokers that call a model by different names stand in for each other', async () => {
  const down = await startBroker('Qwen/Qwen3-235B', 503)
  const up = await startBroker('qwen3-235b-fp8', 200)
  const mux = new Multiplexer({ random: () => 0, retry: { sameMember: 0 } })
  await registerGonkaModels(mux, {
    env: {},
    brokers: [
      { url: down.url, apiKey: KEY, aliases: { qwen: 'Qwen/Qwen3-235B' } },
      { url: up.url, apiKey: KEY, aliases: { qwen: 'qwen3-235b-fp8' } },
    ],
  })
  expect((await mux.models.list()).data.map(({ id }) => id)).toContain('qwen')
  const answer = await mux.chat.completions.create({ model: 'qwen', messages: [{ role: 'user', content: 'Hello' }] })
  expect(answer.choices[0]?.message.content).toBe('yes')
  expect([down.asked, up.asked]).toEqual([['Qwen/Qwen3-235B'], ['qwen3-235b-fp8']])
})

test.each([null, 5, 'qwen', ['qwen'], { qwen: 5 }, { qwen: '' }, { '': 'qwen' }])(
  'aliases %j are refused',
  (aliases) => {
    const brokers = [{ url: 'https://api.a.example/v1', apiKey: KEY, aliases: aliases as never }]
    expect(() => new GonkaConfig({ brokers }, { env: {} })).toThrow(
      expect.objectContaining({ code: 'config-invalid', field: 'brokers[0].aliases' }),
    )
  },
)
