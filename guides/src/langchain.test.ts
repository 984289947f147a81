import type { AIMessageChunk } from '@langchain/core/messages'
import type { APIError } from 'openai'
import { expect, it } from 'vitest'
import { describeGuide } from './fixtures/describe-guide.ts'
import { CALL, describeTools, startTools } from './fixtures/describe-tools.ts'
import type { Refusal } from './fixtures/guide-spec.ts'
import { readSdk } from './fixtures/read-sdk.ts'
import type * as Code from './langchain.ts'

const spec = {
  sdk: readSdk('@langchain/openai'),
  file: 'langchain.ts',
  sentVersion: readSdk('openai').version,
  readRefusal: ({ status, code, headers }: APIError): Refusal => ({
    status,
    code,
    retryAfter: headers?.get('retry-after'),
  }),
  abortName: 'AbortError',
}
const next = {
  ...spec,
  sdk: readSdk('langchain-openai-node22'),
  sentVersion: readSdk('openai7').version,
  swaps: { '@langchain/openai': 'langchain-openai-node22' },
}
for (const version of [spec, next]) {
  describeGuide(version)
  describeTools(version)
}

it('streams calls of tools', async () => {
  const { code } = await startTools(spec, [{ content: null, tool_calls: [CALL] }])
  const { model } = code as unknown as typeof Code
  let message: AIMessageChunk | undefined
  const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }
  for await (const chunk of await model.bindTools([weather]).stream('Hi')) message = message?.concat(chunk) ?? chunk
  expect(message?.tool_calls).toMatchObject([{ id: 'call-1', name: 'weather', args: { city: 'Zürich' } }])
})
