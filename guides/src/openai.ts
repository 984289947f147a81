import { Multiplexer } from '@multiplexer/core'
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'

export const mux = new Multiplexer()
mux.addModel(
  { baseURL: 'https://api.one.example/v1', apiKey: 'key-1' },
  { modelName: 'one', models: ['llama-3.3-70b'] },
)
mux.addFallbackModel(
  { baseURL: 'https://api.two.example/v1', apiKey: 'key-2' },
  { modelName: 'two', aliases: { 'llama-3.3-70b': 'meta/llama-70b' } },
)

const model = 'llama-3.3-70b'

export async function ask(question: string, options: { signal?: AbortSignal } = {}): Promise<string> {
  const messages = [{ role: 'user' as const, content: question }]
  const completion = await mux.chat.completions.create({ model, messages }, options)
  return completion.choices[0]?.message.content ?? ''
}

export async function* stream(question: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<string> {
  const messages = [{ role: 'user' as const, content: question }]
  for await (const chunk of await mux.chat.completions.create({ model, messages, stream: true }, options)) {
    yield chunk.choices[0]?.delta.content ?? ''
  }
}

export async function askWithTool(question: string): Promise<string | null> {
  const weather = zodFunction({
    name: 'weather',
    parameters: z.object({ city: z.string() }),
    function: ({ city }) => `18 °C in ${city}`,
  })
  const messages = [{ role: 'user' as const, content: question }]
  return await mux.chat.completions.runTools({ model, messages, tools: [weather] }).finalContent()
}

export async function extractPerson(text: string): Promise<{ name: string; age: number } | null> {
  const person = z.object({ name: z.string(), age: z.number() })
  const completion = await mux.chat.completions.parse({
    model,
    messages: [{ role: 'user', content: text }],
    response_format: zodResponseFormat(person, 'person'),
  })
  return completion.choices[0]?.message.parsed ?? null
}
