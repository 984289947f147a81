import { attemptsOf, Router } from '@multiplexer/core/router'

/** Routes one streamed call to a server and reads it to the end. */
export async function use({ upstreamUrl }: { upstreamUrl: string }): Promise<string> {
  const router = new Router()
  router.addModel({ baseURL: upstreamUrl, apiKey: 'key' }, { modelName: 'one', models: ['ok'] })
  const response = await router.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'ok', messages: [{ role: 'user', content: 'Hello' }], stream: true }),
  })
  const text = await response.text()
  return `${text.trim().endsWith('[DONE]') ? 'whole' : 'cut'} stream, ${attemptsOf(response).length} attempt`
}
