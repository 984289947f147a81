import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { expect, test } from 'vitest'
import { show, tracesOfText } from '../fixtures/key-traces.ts'
import { answering, brokerAnswering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { registerGonkaModels } from '../register-gonka-models.ts'

const KEY = 'gk-prx-f0aJ6uEy1TgN5oWiQ2'
const BODY = { model: 'sim/model-a', messages: [{ role: 'user' as const, content: 'Hello' }] }

/** What some APIs write: the key that they refuse, in the text and in a header. */
function echoing(status: number): Script {
  return (request, response) => {
    const key = request.headers.authorization?.slice(7) ?? ''
    answering(
      status,
      { error: { message: `Incorrect API key provided: ${key}.` } },
      { 'x-key': key },
    )(request, response)
  }
}

async function startBroker(pool: Router | Multiplexer, chat: Script): Promise<void> {
  const { url } = await startServer(brokerAnswering(chat))
  await registerGonkaModels(pool, { env: {}, brokers: [{ url: `${url}/v1`, apiKey: KEY }] })
}

async function post(chat: Script): Promise<Response> {
  const router = new Router()
  await startBroker(router, chat)
  return router.fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify(BODY) })
}

test.each([400, 403, 404, 422])('a key that a broker repeats with %i does not reach the caller', async (status) => {
  const mux = new Multiplexer()
  await startBroker(mux, echoing(status))
  const error = await mux.chat.completions.create(BODY).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ status, message: `${status} Incorrect API key provided: [redacted].` })
  const shown = show(error)
  expect(tracesOfText(KEY).filter((trace) => shown.includes(trace))).toEqual([])
})

test('a key that a broker repeats with 401 does not reach the caller, who is told what to check', async () => {
  const mux = new Multiplexer()
  await startBroker(mux, echoing(401))
  const error = await mux.chat.completions.create(BODY).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ message: expect.stringContaining('check brokers[].apiKey') })
  const shown = show(error)
  expect(tracesOfText(KEY).filter((trace) => shown.includes(trace))).toEqual([])
})

test('a refusal without the key is untouched', async () => {
  const text = ' {"error" : {"message":"too many messages"}}\n'
  const response = await post(answering(400, text, { 'x-other': 'kept' }))
  expect([response.status, response.headers.get('x-other'), await response.text()]).toEqual([400, 'kept', text])
})

test('a refusal that is too long to be looked at loses its text, not its status', async () => {
  const response = await post(answering(400, `{"error":"${'x'.repeat(70_000)}${KEY}"}`))
  expect([response.status, await response.text()]).toEqual([400, ''])
})
