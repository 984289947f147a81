import { type Attempt, attemptsOf, Multiplexer } from '@multiplexer/core'
import { type RegisterGonkaModelsOptions, registerGonkaModels } from '@multiplexer/gonka'

/** What is asked of the network. */
export interface AskOptions {
  /** Model id. @default 'auto', any that the network serves */
  readonly model?: string | undefined
  /** Told the streamed text as it comes. @default nobody */
  readonly write?: ((text: string) => void) | undefined
}

/** An answer and where it came from. */
export interface Answer {
  readonly text: string
  /** Member that answered: `gonka:<address>`, or `gonka:broker:<host>`. */
  readonly answeredBy: string | null
  /** Everybody who was asked for it, in order. */
  readonly attempts: readonly Attempt[]
}

/** What the example saw. */
export interface Report {
  readonly modelsRegistered: number
  readonly epochId: number
  readonly requesterAddress: string | undefined
  readonly whole: Answer
  readonly streamed: Answer
  /** Calls by how they ended. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** Registers a Gonka network, asks it one question at once and one as a stream.
 * @param settings - `{ sourceUrl, privateKey }`, `{ brokers }`, …; what is left out comes from the `GONKA_*` variables. */
export async function askGonka(settings: RegisterGonkaModelsOptions, options: AskOptions = {}): Promise<Report> {
  const { model = 'auto', write } = options
  await using mux = new Multiplexer()
  const { refreshManager, ...registered } = await registerGonkaModels(mux, settings)
  const { modelsRegistered, epochId, requesterAddress } = registered
  try {
    const whole = await askWhole(mux, model)
    const streamed = await askStreamed(mux, model, write)
    const { outcomes } = mux.getStats()
    return { modelsRegistered, epochId, requesterAddress, whole, streamed, outcomes }
  } finally {
    await refreshManager?.stop()
  }
}

async function askWhole(mux: Multiplexer, model: string): Promise<Answer> {
  const { data, response } = await mux.chat.completions
    .create({ model, messages: [{ role: 'user', content: 'Say hello.' }] })
    .withResponse()
  return describeAnswer(data.choices[0]?.message.content ?? '', response)
}

async function askStreamed(mux: Multiplexer, model: string, write: AskOptions['write']): Promise<Answer> {
  const { data, response } = await mux.chat.completions
    .create({ model, messages: [{ role: 'user', content: 'Tell a story.' }], stream: true })
    .withResponse()
  let text = ''
  for await (const { choices } of data) {
    const piece = choices[0]?.delta.content ?? ''
    text += piece
    write?.(piece)
  }
  return describeAnswer(text, response)
}

/** The attempt of a stream is in the trail once the stream has ended. */
function describeAnswer(text: string, response: Response): Answer {
  return { text, answeredBy: response.headers.get('x-multiplexer-model'), attempts: attemptsOf(response) }
}
