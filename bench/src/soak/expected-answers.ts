import { createSigner, createSigningFetch } from '@gonka/signer'
import { MODEL } from './ask.ts'
import type { NetworkAccess } from './network-protocol.ts'

/** What every participant of the network answers to a prompt. */
export interface ExpectedAnswer {
  readonly prompt: string
  readonly content: string
  readonly finishReason: string
  readonly totalTokens: number
}

/** Asks one participant directly, without a multiplexer, while nothing fails yet.
 * @param count - How many prompts.
 * @throws Error when it does not answer. */
export async function fetchExpectedAnswers(access: NetworkAccess, count: number): Promise<readonly ExpectedAnswer[]> {
  const { node, privateKey } = access
  const signingFetch = createSigningFetch({ signer: createSigner(privateKey), transferAddress: node.address })
  return await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const prompt = `Question ${index}: what grows there?`
      const body = JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: prompt }] })
      const response = await signingFetch(`${node.url}/v1/chat/completions`, { method: 'POST', body })
      if (!response.ok) throw new Error(`The network answered ${response.status} before anything failed.`)
      const { choices, usage } = (await response.json()) as Answer
      const { message, finish_reason: finishReason } = choices[0]
      return { prompt, content: message.content, finishReason, totalTokens: usage.total_tokens }
    }),
  )
}

interface Answer {
  readonly choices: readonly [{ readonly message: { readonly content: string }; readonly finish_reason: string }]
  readonly usage: { readonly total_tokens: number }
}
