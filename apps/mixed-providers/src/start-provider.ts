import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An ordinary OpenAI-compatible provider on this machine. */
export interface Provider extends AsyncDisposable {
  readonly baseURL: string
}

/** Starts a provider that knows one model and one key, and answers every question alike. */
export async function startProvider({ apiKey, model }: { apiKey: string; model: string }): Promise<Provider> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const [status, answer] =
      request.headers.authorization === `Bearer ${apiKey}`
        ? answerTo(Buffer.concat(chunks).toString(), model)
        : ([401, { error: { message: 'Incorrect API key provided.' } }] as const)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { baseURL: `http://127.0.0.1:${port}/v1`, [Symbol.asyncDispose]: () => stop(server) }
}

function answerTo(body: string, model: string): readonly [status: number, answer: object] {
  if ((JSON.parse(body) as { model?: unknown }).model !== model) return [404, { error: { code: 'model_not_found' } }]
  const message = { role: 'assistant', content: 'Answered by an ordinary provider.' }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return [200, { id: 'chatcmpl-1', object: 'chat.completion', created: 0, model, choices }]
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
