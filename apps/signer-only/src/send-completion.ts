import { createSigner, createSigningFetch } from '@gonka/signer'
import type { Options } from './read-options.ts'

/** A node's answer, whatever its status. */
export interface Outcome {
  readonly url: string
  readonly requesterAddress: string
  readonly transferAddress: string
  readonly status: number
  /** The body as JSON, or as text when it is none. */
  readonly answer: unknown
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** Sends one chat completion, signed, through Node's own fetch. This is all it takes. */
export async function sendCompletion(options: Options): Promise<Outcome> {
  const { nodeUrl, transferAddress, model, prompt, scheme } = options
  const signer = createSigner(options.privateKey)
  const signedFetch = createSigningFetch({ signer, transferAddress, origin: nodeUrl, scheme })
  const url = `${nodeUrl}/v1/chat/completions`
  const response = await signedFetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }),
    signal: AbortSignal.timeout(options.timeoutMs),
  })
  const answer = parseAnswer(await readText(response))
  return { url, requesterAddress: signer.address, transferAddress, status: response.status, answer }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_ANSWER_BYTES) throw new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
