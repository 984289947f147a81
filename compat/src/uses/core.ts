import { attemptsOf, Multiplexer } from '@multiplexer/core'

/** Sends one call through the SDK's own resources, past a member that cannot serve. */
export async function use({ upstreamUrl }: { upstreamUrl: string }): Promise<string> {
  const mux = new Multiplexer()
  mux.addModel({ baseURL: upstreamUrl, apiKey: 'key' }, { modelName: 'broken', aliases: { m: 'unavailable-forever' } })
  mux.addFallbackModel({ baseURL: upstreamUrl, apiKey: 'key' }, { modelName: 'sound', aliases: { m: 'ok' } })
  const { data, response } = await mux.chat.completions
    .create({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] })
    .withResponse()
  const firstToken = data.choices[0]?.message.content?.split(' ')[0]
  return `${firstToken} from ${attemptsOf(response).at(-1)?.member}`
}
