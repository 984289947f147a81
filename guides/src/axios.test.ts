import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import type * as Code from './axios-fetch.ts'
import { loadGuide } from './fixtures/load-guide.ts'
import { COMPLETION, chatsOf, startNode } from './fixtures/start-node.ts'

async function startClient(file: string) {
  const { node, privateKey, devnet } = await startNode()
  const { createSignedAxios } = await loadGuide<typeof Code>(file)
  return { node, devnet, client: createSignedAxios(privateKey, node) }
}

describe.each(['axios-fetch.ts', 'axios-interceptor.ts'])('%s', (file) => {
  it('signs each request anew, and the node answers', async () => {
    const { node, client } = await startClient(file)
    for (let call = 0; call < 2; call++) {
      const { status, data } = await client.post('/chat/completions', COMPLETION)
      expect([status, data.choices[0].message.content]).toEqual([200, expect.stringMatching(/./)])
    }
    const chats = chatsOf(node)
    expect(chats.map(({ status }) => status)).toEqual([200, 200])
    expect(new Set(chats.map(({ authorization }) => authorization)).size).toBe(2)
  })

  it('sends a body that is already text as it is', async () => {
    const { node, client } = await startClient(file)
    const body = `  { "messages": [{"role":"user","content":"Grüezi"}],\n "model":"sim/model-a" }\n`
    const { status } = await client.post('/chat/completions', body, { headers: { 'content-type': 'application/json' } })
    expect([status, chatsOf(node).length]).toEqual([200, 1])
  })

  it('streams', async () => {
    const { client } = await startClient(file)
    const { data } = await client.post('/chat/completions', { ...COMPLETION, stream: true }, { responseType: 'stream' })
    expect(await text(data)).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
  })

  it('leaves requests without a body unsigned', async () => {
    const { node, client } = await startClient(file)
    const { data } = await client.get('/models')
    expect(data).toBeTypeOf('object')
    expect(node.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  it('shows the refusal of a node, and signs anew when the same request is sent again', async () => {
    const { node, client } = await startClient(file)
    node.fault({ status: 503, body: '{"error":"no executors available for model"}', times: 1 })
    const error = await client.post('/chat/completions', COMPLETION).catch((cause) => cause)
    expect(error).toMatchObject({ isAxiosError: true, response: { status: 503 } })
    const { status } = await client.request(error.config)
    expect(status).toBe(200)
    const chats = chatsOf(node)
    expect(chats[0]?.authorization).not.toBe(chats[1]?.authorization)
  })

  it('ends at once when aborted', async () => {
    const { node, client } = await startClient(file)
    node.fault({ hang: true })
    const aborter = new AbortController()
    const pending = client.post('/chat/completions', COMPLETION, { signal: aborter.signal }).catch((error) => error)
    await vi.waitFor(() => expect(chatsOf(node)).toHaveLength(1), { timeout: 10_000, interval: 2 })
    aborter.abort()
    expect(await pending).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' })
  })

  it('follows no redirect', async () => {
    const { node, devnet, client } = await startClient(file)
    node.fault({ status: 307, body: '', headers: { location: `${devnet.node(1).url}/v1/chat/completions` } })
    await expect(client.post('/chat/completions', COMPLETION)).rejects.toThrow()
    expect(devnet.node(1).requests).toEqual([])
  })

  it('sends nothing to another host', async () => {
    const { devnet, client } = await startClient(file)
    await expect(client.post(`${devnet.node(1).url}/v1/chat/completions`, COMPLETION)).rejects.toThrow()
    expect(devnet.node(1).requests).toEqual([])
  })
})
