import { GonkaClientFactory } from '@gonka/signer/openai'

/** Lets a node answer the official SDK. */
export async function use(network: { nodeUrl: string; nodeAddress: string; privateKey: string }): Promise<string> {
  const factory = new GonkaClientFactory(network.privateKey)
  const client = factory.createClient({ address: network.nodeAddress, baseUrl: `${network.nodeUrl}/v1` })
  const completion = await client.chat.completions.create({
    model: 'sim/model-a',
    messages: [{ role: 'user', content: 'Hello' }],
  })
  return `${completion.object} ${completion.choices[0]?.finish_reason}`
}
