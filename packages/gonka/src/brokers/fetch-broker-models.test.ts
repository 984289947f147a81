import type { Logger } from '@multiplexer/core/router'
import { describe, expect, test } from 'vitest'
import type { ModelsRequest } from '../fetch-model-list.ts'
import { answering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { fetchBrokerModels } from './fetch-broker-models.ts'
import { GonkaBroker } from './gonka-broker.ts'

const KEY = 'gk-prx-c0ffee5ec4e7'
const list = (...ids: unknown[]) => ({ object: 'list', data: ids.map((id) => ({ id })) })

async function ask(script: Script, request: ModelsRequest = {}) {
  const server = await startServer(script)
  const warnings: unknown[] = []
  const warn = (...args: unknown[]): void => void warnings.push(args)
  const logger: Logger = { debug: warn, info: warn, warn, error: warn }
  const broker = new GonkaBroker({ url: `${server.url}/v1`, apiKey: KEY, name: 'b', weight: 1 })
  const models = await fetchBrokerModels(broker, { logger, ...request })
  return { models, warnings, server }
}

test('the models are those that the broker lists, each once, asked for with its key', async () => {
  const { models, warnings, server } = await ask(answering(200, list('a', 'b', 'a', 7, '', null)))
  expect([models, warnings]).toEqual([['a', 'b'], []])
  expect(server.seen).toMatchObject([{ method: 'GET', url: '/v1/models', headers: { authorization: `Bearer ${KEY}` } }])
})

describe('any model is served, after one warning, when the broker', () => {
  const answers: [string, Script, string, number?][] = [
    ['refuses the key', answering(401, { error: { message: `bad key ${KEY}` } }), 'HTTP 401'],
    ['answers HTML', answering(200, '<!doctype html>'), 'not JSON'],
    ['answers null', answering(200, 'null'), 'not a list'],
    ['answers another shape', answering(200, { data: 'a' }), 'not a list'],
    ['lists nothing', answering(200, list()), 'empty'],
    ['lists no ids', answering(200, { data: [null, 5, { id: 'x'.repeat(300) }, { id: '\u001b[2J' }] }), 'empty'],
    ['pours', (_, response) => pour(response), 'more than 4194304 bytes'],
    ['resets', (request) => request.socket.destroy(), 'TypeError'],
    ['never answers', () => undefined, 'within 50 ms', 50],
    ['stops halfway', (_, response) => void response.write('{"data":['), 'within 50 ms', 50],
  ]

  test.each(answers)('%s', async (...[, script, reason, timeoutMs]) => {
    const { models, warnings, server } = await ask(script, { timeoutMs })
    expect(models).toBeUndefined()
    expect(warnings).toEqual([
      [expect.stringContaining('used for any model'), { broker: 'b', host: server.host, reason: expect.any(String) }],
    ])
    expect(JSON.stringify(warnings)).toContain(reason)
    expect(JSON.stringify(warnings)).not.toContain(KEY)
  })

  test.each([301, 302, 307, 308])('redirects with %i, and the key goes nowhere else', async (status) => {
    const elsewhere = await startServer(answering(200, list('a')))
    const script = answering(status, '', { location: `${elsewhere.url}/v1/models` })
    const { models, warnings } = await ask(script)
    expect([models, warnings.length, elsewhere.seen]).toEqual([undefined, 1, []])
  })
})

test('an abort ends it with its reason', async () => {
  const controller = new AbortController()
  const asking = ask(() => controller.abort(new Error('changed my mind')), { signal: controller.signal })
  await expect(asking).rejects.toThrow('changed my mind')
})

function pour(response: Parameters<Script>[1]): void {
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  }
  response.on('drain', more)
  more()
}
