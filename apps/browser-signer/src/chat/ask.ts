import { type Attempt, attemptsOf, isMultiplexerError, type Multiplexer } from '@multiplexer/core'

/** A message and what to do with its answer. */
export interface Question {
  readonly model: string
  readonly message: string
  readonly signal: AbortSignal
  /** Told of each piece of the answer as it comes. */
  readonly onText: (text: string) => void
}

/** How a message ended. */
export interface Outcome {
  /** Every member that was tried, in order. */
  readonly attempts: readonly Attempt[]
  /** Why there is no whole answer; undefined when there is one. */
  readonly problem: string | undefined
}

/** Sends a message and streams its answer. What goes wrong is told, not thrown. */
export async function ask(mux: Multiplexer, { model, message, signal, onText }: Question): Promise<Outcome> {
  const body = { model, messages: [{ role: 'user' as const, content: message }], stream: true as const }
  try {
    const { data, response } = await mux.chat.completions.create(body, { signal }).withResponse()
    for await (const { choices } of data) onText(choices[0]?.delta.content ?? '')
    return { attempts: attemptsOf(response), problem: signal.aborted ? STOPPED : undefined }
  } catch (error) {
    return { attempts: attemptsOf(error), problem: signal.aborted ? STOPPED : describeError(error) }
  }
}

const STOPPED = 'Stopped.'

/** A broker's own words are left out: it may repeat the key that it was sent. */
function describeError(error: unknown): string {
  if (isMultiplexerError(error)) return error.message
  const { status, code } = error as { status?: unknown; code?: unknown }
  if (code === 'broker_models_unknown') return 'The brokers did not list their models: name one.'
  if (typeof status === 'number') return `The broker refused the request (HTTP ${status}); no other one would take it.`
  return 'The answer could not be read.'
}
