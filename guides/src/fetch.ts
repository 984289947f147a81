import { Router } from '@multiplexer/core/router'

export const router = new Router()
router.addModel(
  { baseURL: 'https://api.one.example/v1', apiKey: 'key-1' },
  { modelName: 'one', models: ['llama-3.3-70b'] },
)
router.addFallbackModel(
  { baseURL: 'https://api.two.example/v1', apiKey: 'key-2' },
  { modelName: 'two', aliases: { 'llama-3.3-70b': 'meta/llama-70b' } },
)

async function complete(body: object, options: { signal?: AbortSignal }): Promise<Response> {
  const response = await router.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'llama-3.3-70b', ...body }),
    ...options,
  })
  if (response.ok) return response
  const { status, headers } = response
  throw Object.assign(new Error(`HTTP ${status}: ${await response.text()}`), { status, headers })
}

export async function ask(question: string, options: { signal?: AbortSignal } = {}): Promise<string> {
  const response = await complete({ messages: [{ role: 'user', content: question }] }, options)
  const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] }
  return choices[0].message.content
}

export async function* stream(question: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<string> {
  const messages = [{ role: 'user', content: question }]
  const { body } = await complete({ messages, stream: true }, options)
  let buffered = ''
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (buffered + text).split('\n')
    buffered = lines.pop() ?? ''
    for (const line of lines) {
      const data = line.startsWith('data:') ? line.slice(5).trim() : ''
      if (data !== '' && data !== '[DONE]') yield JSON.parse(data).choices[0]?.delta.content ?? ''
    }
  }
}
