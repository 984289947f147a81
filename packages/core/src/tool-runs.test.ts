import { describe, expect, it } from 'vitest'
import {
  contentEvents,
  finishEvent,
  refusing,
  roleEvent,
  type Script,
  startUpstream,
  streaming,
} from './fixtures/upstream.ts'
import { attemptsOf, Multiplexer } from './index.ts'

const CALL = { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }
const message = { role: 'assistant', content: null, tool_calls: [CALL] }
const part = (delta: object) => JSON.stringify({ choices: [{ index: 0, delta }] })
const toolEvents = [
  part({ role: 'assistant', tool_calls: [{ ...CALL, function: { name: 'weather', arguments: '' } }] }),
  part({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
  part({ tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] }),
]
const toolEnd = [JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }), '[DONE]']

/** Asks for the tool while it has no result of one. */
const askingForTool: Script = ({ body }, response) => {
  const { messages, stream } = JSON.parse(body)
  if (messages.length > 1) return refusing(500)({} as never, response)
  if (stream) return streaming([...toolEvents, ...toolEnd])({} as never, response)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ choices: [{ index: 0, finish_reason: 'tool_calls', message }] }))
}

/** Says what the tool said. */
const repeatingResult: Script = ({ body }, response) => {
  const { messages, stream } = JSON.parse(body)
  const text = `it is ${messages.at(-1).content}`
  if (stream) return streaming([roleEvent, ...contentEvents(text), finishEvent, '[DONE]'])({} as never, response)
  response.setHeader('content-type', 'application/json')
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }
  response.end(JSON.stringify({ choices: [choice] }))
}

async function startMux(first: Script) {
  const mux = new Multiplexer({ retry: { sameMember: 0 } })
  const second = await startUpstream(repeatingResult)
  mux.addModel({ baseURL: (await startUpstream(first)).baseURL }, { modelName: 'first', models: ['m'] })
  mux.addFallbackModel({ baseURL: second.baseURL }, { modelName: 'second', models: ['m'] })
  return { mux, second }
}

function runTool(mux: Multiplexer, stream: boolean) {
  const asked: unknown[] = []
  const weather = {
    type: 'function' as const,
    function: {
      name: 'weather',
      description: 'Tells the weather.',
      parameters: { type: 'object' as const, properties: { city: { type: 'string' } } },
      parse: JSON.parse,
      function: (place: { city: string }) => {
        asked.push(place)
        return 'sunny'
      },
    },
  }
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'Weather?' }], tools: [weather] }
  const run = stream
    ? mux.chat.completions.runTools({ ...body, stream: true })
    : mux.chat.completions.runTools({ ...body, stream: false })
  return { asked, run }
}

describe.each([true, false])('a run of tools, streamed: %s', (stream) => {
  it('goes on at the next member when the one that asked for the tool fails', async () => {
    const { mux, second } = await startMux(askingForTool)
    const { asked, run } = runTool(mux, stream)
    expect(await run.finalContent()).toBe('it is sunny')
    expect(asked).toEqual([{ city: 'Bern' }])
    expect(second.seen).toHaveLength(1)
  })
})

it('runs no tool of a call that was cut off, and tells of it in the cause of the error of the SDK', async () => {
  const { mux } = await startMux(streaming(toolEvents.slice(0, 2), 'reset'))
  const { asked, run } = runTool(mux, true)
  const error = await run.finalContent().catch((cause) => cause)
  expect(asked).toEqual([])
  expect(error.cause).toMatchObject({ code: 'stream-interrupted', member: 'first' })
  expect(attemptsOf(error.cause)).toHaveLength(1)
})
