import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { Router } from '@multiplexer/core/router'
import { generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai'
import { z } from 'zod'

export const router = new Router()
router.addModel(
  { baseURL: 'https://api.one.example/v1', apiKey: 'key-1' },
  { modelName: 'one', models: ['llama-3.3-70b'] },
)
router.addFallbackModel(
  { baseURL: 'https://api.two.example/v1', apiKey: 'key-2' },
  { modelName: 'two', aliases: { 'llama-3.3-70b': 'meta/llama-70b' } },
)

const provider = createOpenAICompatible({
  name: 'multiplexer',
  fetch: router.fetch,
  baseURL: 'http://multiplexer.invalid/v1', // never contacted; the members say where requests go
  supportsStructuredOutputs: true, // sends JSON schemas; leave it out when your models do not know them
})

export const model: LanguageModel = provider('llama-3.3-70b')
const maxRetries = 0 // the router retries; the SDK's default of 2 would multiply that

export async function ask(prompt: string, options: { abortSignal?: AbortSignal } = {}): Promise<string> {
  const { text } = await generateText({ model, maxRetries, prompt, ...options })
  return text
}

export async function* stream(prompt: string, options: { abortSignal?: AbortSignal } = {}): AsyncGenerator<string> {
  const onError = () => {} // thrown below; the default logs it
  const { fullStream } = streamText({ model, maxRetries, prompt, ...options, onError })
  for await (const part of fullStream) {
    if (part.type === 'text-delta') yield part.text
    if (part.type === 'error') throw part.error // textStream would end as if the answer were empty,
    if (part.type === 'abort') options.abortSignal?.throwIfAborted() // and so it would here
  }
}

export async function askWithTool(prompt: string): Promise<string> {
  const weather = tool({
    description: 'The weather in a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `18 °C in ${city}`,
  })
  const { text } = await generateText({ model, maxRetries, prompt, tools: { weather }, stopWhen: stepCountIs(5) })
  return text
}

export async function extractPerson(prompt: string): Promise<{ name: string; age: number }> {
  const schema = z.object({ name: z.string(), age: z.number() })
  const { output } = await generateText({ model, maxRetries, prompt, output: Output.object({ schema }) })
  return output
}
