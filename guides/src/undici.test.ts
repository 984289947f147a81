import { describe, expect, it, vi } from 'vitest'
import { loadGuide } from './fixtures/load-guide.ts'
import { readSdk, runsHere } from './fixtures/read-sdk.ts'
import { COMPLETION, chatsOf, startNode } from './fixtures/start-node.ts'
import type * as UndiciFetch from './undici-fetch.ts'
import type * as UndiciRequest from './undici-request.ts'

describe.each(['undici', 'undici8'])('%s', (dependency) => {
  const sdk = readSdk(dependency)
  const swaps = { undici: dependency }

  describe.runIf(runsHere(sdk))(`${sdk.title}, fetch`, () => {
    async function startClient() {
      const { node, privateKey, devnet } = await startNode()
      const { createSignedFetch } = await loadGuide<typeof UndiciFetch>('undici-fetch.ts', swaps)
      const signedFetch = createSignedFetch(privateKey, node)
      const post = (body: object, init: RequestInit = {}): Promise<Response> =>
        signedFetch(`${node.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body), ...init })
      return { node, devnet, signedFetch, post }
    }

    it('signs each request anew, and the node answers', async () => {
      const { node, post } = await startClient()
      for (let call = 0; call < 2; call++) {
        const answer = await (await post(COMPLETION)).json()
        expect(answer.choices[0].message.content).not.toBe('')
      }
      const chats = chatsOf(node)
      expect(chats.map(({ status }) => status)).toEqual([200, 200])
      expect(new Set(chats.map(({ authorization }) => authorization)).size).toBe(2)
    })

    it('streams', async () => {
      const { post } = await startClient()
      const response = await post({ ...COMPLETION, stream: true })
      expect(response.headers.get('content-type')).toContain('text/event-stream')
      expect(await response.text()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
    })

    it('refuses to sign for another host', async () => {
      const { devnet, node, signedFetch } = await startClient()
      const sent = signedFetch(`${devnet.node(1).url}/v1/chat/completions`, { method: 'POST', body: '{}' })
      await expect(sent).rejects.toMatchObject({ code: 'host-refused' })
      expect([...devnet.node(1).requests, ...node.requests]).toEqual([])
    })

    it('ends with the reason of an abort', async () => {
      const { node, post } = await startClient()
      node.fault({ hang: true })
      const aborter = new AbortController()
      const pending = post(COMPLETION, { signal: aborter.signal }).catch((error: unknown) => error)
      await vi.waitFor(() => expect(chatsOf(node)).toHaveLength(1), { timeout: 10_000, interval: 2 })
      aborter.abort()
      expect(await pending).toBe(aborter.signal.reason)
    })
  })

  describe.runIf(runsHere(sdk))(`${sdk.title}, request`, () => {
    it('signs each request anew, and the node answers', async () => {
      const { node, privateKey } = await startNode()
      const { complete } = await loadGuide<typeof UndiciRequest>('undici-request.ts', swaps)
      for (let call = 0; call < 2; call++) {
        const { statusCode, body } = await complete(privateKey, node, COMPLETION)
        const answer = (await body.json()) as { choices: { message: { content: string } }[] }
        expect([statusCode, answer.choices[0]?.message.content]).toEqual([200, expect.stringMatching(/./)])
      }
      expect(chatsOf(node).map(({ status }) => status)).toEqual([200, 200])
    })

    it('streams', async () => {
      const { node, privateKey } = await startNode()
      const { complete } = await loadGuide<typeof UndiciRequest>('undici-request.ts', swaps)
      const { body } = await complete(privateKey, node, { ...COMPLETION, stream: true })
      expect(await body.text()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
    })
  })
})
