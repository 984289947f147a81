import { HumanMessage, type ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { Router } from '@multiplexer/core/router'
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

export const model = new ChatOpenAI({
  model: 'llama-3.3-70b',
  apiKey: 'unused', // LangChain insists on one; each member sends its own
  maxRetries: 0, // the router retries; LangChain's default of 6 would multiply that
  configuration: {
    fetch: router.fetch,
    baseURL: 'http://multiplexer.invalid/v1', // never contacted; the members say where requests go
  },
})

export async function ask(question: string, options: { signal?: AbortSignal } = {}): Promise<string> {
  const { text } = await model.invoke(question, options)
  return text
}

export async function* stream(question: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<string> {
  for await (const chunk of await model.stream(question, options)) yield chunk.text
}

export async function askWithTool(question: string): Promise<string> {
  const weather = tool(({ city }: { city: string }) => `18 °C in ${city}`, {
    name: 'weather',
    schema: z.object({ city: z.string() }),
  })
  const withTools = model.bindTools([weather])
  const messages = [new HumanMessage(question)]
  const answer = await withTools.invoke(messages)
  const results: ToolMessage[] = await Promise.all((answer.tool_calls ?? []).map((call) => weather.invoke(call)))
  const { text } = await withTools.invoke([...messages, answer, ...results])
  return text
}

export async function extractPerson(text: string): Promise<{ name: string; age: number }> {
  const person = z.object({ name: z.string(), age: z.number() })
  return await model.withStructuredOutput(person, { name: 'person', method: 'jsonSchema' }).invoke(text)
}
