import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { Router } from '@multiplexer/core/router'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

const baseURL = 'http://multiplexer.invalid/v1'

/** Calls that a router got from one question to an SDK with its own settings. Its members refuse, and rest then; the
 * pauses between the SDK's retries are skipped. */
async function countCalls(ask: (router: Router) => Promise<unknown>): Promise<number> {
  const router = new Router()
  for (const modelName of ['one', 'two'])
    router.addModel(async () => new Response('{}', { status: 401 }), { modelName })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const asked = ask(router).catch(() => {})
  let isOver = false
  void asked.finally(() => {
    isOver = true
  })
  while (!isOver) {
    await vi.advanceTimersByTimeAsync(10_000)
    await new Promise(setImmediate)
  }
  return Object.values(router.getStats().outcomes).reduce((sum, count) => sum + count, 0)
}

describe('retries', () => {
  it('are multiplied by the AI SDK unless maxRetries is 0', async () => {
    const ask = (maxRetries: number | undefined) => (router: Router) => {
      const model = createOpenAICompatible({ name: 'm', fetch: router.fetch, baseURL })('m')
      return generateText({ model, prompt: 'Hi', ...(maxRetries === undefined ? {} : { maxRetries }) })
    }
    expect([await countCalls(ask(undefined)), await countCalls(ask(0))]).toEqual([3, 1])
  })

  it('are multiplied by LangChain unless maxRetries is 0', async () => {
    const ask = (options: { maxRetries?: number }) => (router: Router) =>
      new ChatOpenAI({ model: 'm', apiKey: 'x', configuration: { fetch: router.fetch, baseURL }, ...options }).invoke(
        'Hi',
      )
    expect([await countCalls(ask({})), await countCalls(ask({ maxRetries: 0 }))]).toEqual([7, 1])
  })

  it("are not multiplied by the OpenAI SDK: it heeds the router's x-should-retry", async () => {
    const ask = (router: Router) =>
      new OpenAI({ fetch: router.fetch, baseURL, apiKey: 'x' }).chat.completions.create({ model: 'm', messages: [] })
    expect(await countCalls(ask)).toBe(1)
  })
})
