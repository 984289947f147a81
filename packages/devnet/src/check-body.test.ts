import { testPasses, testRefusals, withBody, withMessages } from './fixtures/check-rows.ts'
import { HELLO } from './fixtures/signed-request.ts'

testRefusals([
  ['no JSON', 400, 'invalid chat completion request: the body is not a JSON object', () => ({ body: '{"model":' })],
  ['a JSON array', 400, 'invalid chat completion request: the body is not a JSON object', () => ({ body: '[]' })],
  [
    'a mark before the JSON',
    400,
    'invalid chat completion request: the body is not a JSON object',
    () => ({ body: '\ufeff{}' }),
  ],
  ['an empty body', 400, 'invalid chat completion request: the body is not a JSON object', () => ({ body: '' })],
  [
    'a model that is a number',
    400,
    'invalid chat completion request: model must be a string',
    withBody({ ...HELLO, model: 1 }),
  ],
  [
    'max_tokens that is text',
    400,
    'invalid chat completion request: max_tokens must be a whole number',
    withBody({ ...HELLO, max_tokens: 'many' }),
  ],
  ['no messages', 400, 'messages is required', withBody({ model: 'sim/model-a', messages: [] })],
  ['no model', 400, 'No model specified', withBody({ messages: HELLO.messages })],
  ['an unknown role', 400, 'messages[0].role has unsupported value "robot"', withMessages({ role: 'robot' })],
  ['a message without role', 400, 'messages[0].role is required', withMessages({ content: 'x' })],
  ['a message that is text', 400, 'messages[1] must be an object', withMessages(HELLO.messages[0], 'x')],
  ['a user message without content', 400, 'messages[0].content is required', withMessages({ role: 'user' })],
  [
    'content that is a number',
    400,
    'messages[0].content must be a string or an array',
    withMessages({ role: 'user', content: 1 }),
  ],
  [
    'a content part without type',
    400,
    'messages[0].content[0].type is required',
    withMessages({ role: 'user', content: [{ text: 'x' }] }),
  ],
  [
    'a tool message that answers nothing',
    400,
    'messages[0].tool_call_id does not match a previous tool call',
    withMessages({ role: 'tool', tool_call_id: 'c1', content: 'x' }),
  ],
  [
    'more choices than the model server gives',
    400,
    'Inference node response with an error. code = 400. error = {"message":"n must be between 1 and 5"}.',
    withBody({ ...HELLO, n: 6 }),
  ],
])

testPasses([
  ['whitespace, escapes and other scripts', () => ({ body: ` {"a":"\\u0000", ${JSON.stringify(HELLO).slice(1)}\n` })],
  ['Grüße, 世界 🌍', withMessages({ role: 'user', content: 'Grüße, 世界 🌍' })],
  [
    'an answered tool call',
    withMessages(
      { role: 'user', content: 'x' },
      { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function' }] },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'y' }] },
    ),
  ],
  ['a text completion', () => ({ path: '/v1/completions', body: { model: 'sim/model-a', prompt: ['a', 'b'] } })],
])
