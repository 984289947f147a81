import { Router } from '@multiplexer/core/router'
import OpenAI from 'openai'

export const router = new Router()
router.addModel(
  { baseURL: 'https://api.one.example/v1', apiKey: 'key-1' },
  { modelName: 'one', models: ['llama-3.3-70b'] },
)
router.addFallbackModel(
  { baseURL: 'https://api.two.example/v1', apiKey: 'key-2' },
  { modelName: 'two', aliases: { 'llama-3.3-70b': 'meta/llama-70b' } },
)

const client = new OpenAI({
  fetch: router.fetch,
  baseURL: 'http://multiplexer.invalid/v1', // never contacted; the members say where requests go
  apiKey: 'unused', // the SDK insists on one; each member sends its own
  maxRetries: 0, // the router is the one that retries
})

const model = 'llama-3.3-70b'

export async function ask(question: string, options: { signal?: AbortSignal } = {}): Promise<string> {
  const messages = [{ role: 'user' as const, content: question }]
  const completion = await client.chat.completions.create({ model, messages }, options)
  return completion.choices[0]?.message.content ?? ''
}

export async function* stream(question: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<string> {
  const messages = [{ role: 'user' as const, content: question }]
  for await (const chunk of await client.chat.completions.create({ model, messages, stream: true }, options)) {
    yield chunk.choices[0]?.delta.content ?? ''
  }
}
