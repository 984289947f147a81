import type { Multiplexer } from '@multiplexer/core'

/** What to send, and who is told. */
export interface LoadOptions {
  readonly requests: number
  readonly model: string
  /** Called after each answer with the number of answers so far; the sender goes on when it resolves. */
  readonly onAnswered: (answered: number) => Promise<void>
  readonly say: (line: string) => void
}

const IN_FLIGHT = 20

/** Asks for completions, some always in flight, every other one streamed. A completion counts as lost when it fails or when
 * its answer is not whole. */
export async function sendRequests(
  mux: Multiplexer,
  options: LoadOptions,
): Promise<{ lost: number; streamed: number }> {
  const { requests, model, onAnswered, say } = options
  let sent = 0
  let answered = 0
  let lost = 0
  const sendUntilDone = async (): Promise<void> => {
    while (sent < requests) {
      const number = sent++
      const isWhole = await ask(mux, { model, number, say })
      if (!isWhole) lost += 1
      answered += 1
      if (answered % Math.ceil(requests / 10) === 0) say(`${answered} of ${requests} answered`)
      await onAnswered(answered)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendUntilDone))
  return { lost, streamed: Math.floor(requests / 2) }
}

async function ask(
  mux: Multiplexer,
  { model, number, say }: { model: string; number: number; say: (line: string) => void },
): Promise<boolean> {
  const body = { model, messages: [{ role: 'user' as const, content: `Question ${number}` }] }
  try {
    return number % 2 === 0 ? await askWhole(mux, body) : await askStreamed(mux, body)
  } catch (error) {
    say(`lost request ${number}: ${error instanceof Error ? error.message : error}`)
    return false
  }
}

type Body = Parameters<Multiplexer['chat']['completions']['create']>[0] & { stream?: false }

async function askWhole(mux: Multiplexer, body: Body): Promise<boolean> {
  const [choice] = (await mux.chat.completions.create(body)).choices
  return choice?.finish_reason === 'stop' && choice.message.content !== ''
}

async function askStreamed(mux: Multiplexer, body: Body): Promise<boolean> {
  let text = ''
  let isFinished = false
  for await (const { choices } of await mux.chat.completions.create({ ...body, stream: true })) {
    text += choices[0]?.delta.content ?? ''
    isFinished ||= choices[0]?.finish_reason === 'stop'
  }
  return isFinished && text !== ''
}
