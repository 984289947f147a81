import { attemptsOf } from '@multiplexer/core'
import type { APIError } from 'openai'
import { zodFunction } from 'openai/helpers/zod'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { describeGuide, startGuide } from './fixtures/describe-guide.ts'
import { CALL, describeTools, startTools } from './fixtures/describe-tools.ts'
import type { Refusal } from './fixtures/guide-spec.ts'
import { readSdk, runsHere } from './fixtures/read-sdk.ts'
import type * as Code from './openai.ts'

/** Total failures are errors of the multiplexer, refusals of one upstream are the SDK's. */
interface Failure extends Refusal {
  readonly statusCode?: number
  readonly retryAfterMs?: number
}

const multiplexer = {
  sdk: readSdk('openai'),
  file: 'openai.ts',
  readRefusal: ({ status, statusCode, code, retryAfterMs = 0 }: Failure) => ({
    status: status ?? statusCode,
    code,
    retryAfter: String(Math.ceil(retryAfterMs / 1000)),
  }),
  abortName: 'APIUserAbortError',
}
for (const dependency of ['openai', 'openai7']) {
  const { title, minNode, version } = readSdk(dependency)
  const sdk = { title: `Multiplexer on ${title}`, minNode }
  const spec = { ...multiplexer, sdk, swaps: { openai: dependency } }
  describeGuide(spec)
  describeTools(spec)

  // The multiplexer keeps what the SDK says of itself from upstreams; the folder it runs from says which one it is.
  it.runIf(runsHere(sdk))(`runs on openai ${version}`, async () => {
    const { code } = await startGuide(spec, ['content-policy', 'ok'])
    await expect(code.ask('Hello')).rejects.toMatchObject({ stack: expect.stringContaining(`/openai@${version}`) })
  })
}

it('streams calls of tools', async () => {
  const { code, seen } = await startTools(multiplexer, [{ content: null, tool_calls: [CALL] }, { content: 'Warm.' }])
  const { mux } = code as unknown as typeof Code
  const weather = zodFunction({
    name: 'weather',
    parameters: z.object({ city: z.string() }),
    function: ({ city }) => `18 °C, ${city}`,
  })
  const runner = mux.chat.completions.runTools({
    model: 'llama-3.3-70b',
    stream: true,
    messages: [{ role: 'user', content: 'How warm is it?' }],
    tools: [weather],
  })
  expect(await runner.finalContent()).toBe('Warm.')
  expect(seen.map(({ stream }) => stream)).toEqual([true, true])
  expect(seen[1]?.messages.at(-1)).toMatchObject({ tool_call_id: 'call-1', content: '18 °C, Zürich' })
})

const client = {
  file: 'openai-client.ts',
  readRefusal: ({ status, code, headers }: APIError): Refusal => ({
    status,
    code,
    retryAfter: headers?.get('retry-after'),
  }),
  abortName: 'APIUserAbortError',
}
for (const dependency of ['openai5', 'openai', 'openai7']) {
  const sdk = readSdk(dependency)
  describeGuide({ ...client, sdk, swaps: { openai: dependency }, sentVersion: sdk.version })
}

it.each([multiplexer, client])('tells who was tried, from the error of $file', async (spec) => {
  const { code } = await startGuide({ ...spec, sdk: readSdk('openai') }, ['unauthorized', 'unauthorized'])
  const error = await code.ask('Hello').catch((cause: unknown) => cause)
  expect(attemptsOf(error).map(({ member, verdict }) => [member, verdict.kind])).toEqual([
    ['one', 'unauthorized'],
    ['two', 'unauthorized'],
  ])
})
