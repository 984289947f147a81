import { type APICallError, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import { expect, it } from 'vitest'
import { describeGuide, startGuide } from './fixtures/describe-guide.ts'
import { CALL, describeTools, startTools } from './fixtures/describe-tools.ts'
import type { Refusal } from './fixtures/guide-spec.ts'
import { readSdk } from './fixtures/read-sdk.ts'
import type * as Code from './vercel-ai-sdk.ts'

const spec = {
  sdk: readSdk('ai'),
  file: 'vercel-ai-sdk.ts',
  signalOption: 'abortSignal',
  readRefusal: ({ statusCode, data, responseHeaders }: APICallError): Refusal => ({
    status: statusCode,
    code: (data as { error: { code: string } }).error.code,
    retryAfter: responseHeaders?.['retry-after'],
  }),
  findInterruption: ({ cause }: Error) => cause,
  abortName: 'AbortError',
}
const next = {
  ...spec,
  sdk: readSdk('ai7'),
  swaps: { ai: 'ai7', '@ai-sdk/openai-compatible': 'ai-sdk-openai-compatible3' },
}
for (const version of [spec, next]) {
  describeGuide({ ...version, sentVersion: version.sdk.version })
  describeTools(version)
}

it('streams calls of tools', async () => {
  const { code, seen } = await startTools(spec, [{ content: null, tool_calls: [CALL] }, { content: 'Warm.' }])
  const inputSchema = jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } } })
  const weather = tool({ inputSchema, execute: async ({ city }) => `18 °C in ${city}` })
  const { model } = code as unknown as typeof Code
  const result = streamText({ model, maxRetries: 0, prompt: 'Hi', tools: { weather }, stopWhen: stepCountIs(2) })
  expect(await result.text).toBe('Warm.')
  expect(seen.map(({ stream }) => stream)).toEqual([true, true])
  expect(seen[1]?.messages.at(-1)).toMatchObject({ tool_call_id: 'call-1', content: '18 °C in Zürich' })
})

it('ends textStream quietly where fullStream has the error, as the guide warns', async () => {
  const { code } = await startGuide(spec, ['unauthorized', 'unauthorized'])
  const errors: unknown[] = []
  const onError = ({ error }: { error: unknown }) => void errors.push(error)
  const { textStream } = streamText({
    model: (code as unknown as typeof Code).model,
    maxRetries: 0,
    prompt: 'Hi',
    onError,
  })
  for await (const chunk of textStream) expect.fail(chunk)
  expect(errors).toMatchObject([{ statusCode: 503 }])
})
