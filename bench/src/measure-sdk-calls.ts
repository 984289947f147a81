import { Multiplexer, type UpstreamSource } from '@multiplexer/core'
import OpenAI from 'openai'
import { byClock, type Measurement, measureRounds, type Subject } from './measure-rounds.ts'
import { CHAT_REQUEST, STREAM } from './payloads.ts'
import { startUpstream } from './start-upstream.ts'

/** What one call through the SDK costs by the clock, against the same server in another process. */
export interface SdkCalls {
  /** The official client alone. */
  readonly 'openai SDK': Measurement
  /** `mux.chat.completions.create`, the member given as `{ baseURL, apiKey }`. */
  readonly 'mux, described member': Measurement
  /** The same with an `OpenAI` instance as the member: one SDK call more. */
  readonly 'mux, OpenAI instance': Measurement
}

/** Measures calls, then streams of 100 events, one at a time.
 * @param options.calls - Calls of each kind in each of nine rounds; a third of it for streams. @default 120 */
export async function measureSdkCalls(
  options: { calls?: number } = {},
): Promise<{ calls: SdkCalls; streams: SdkCalls }> {
  const { calls = 120 } = options
  const upstream = await startUpstream()
  try {
    const own = { baseURL: upstream.baseURL, apiKey: 'key' }
    const clients = {
      'openai SDK': new OpenAI(own),
      'mux, described member': createMux(own),
      'mux, OpenAI instance': createMux(new OpenAI(own)),
    }
    return {
      calls: await measureRounds(subjectsOf(clients, create), { calls }),
      streams: await measureRounds(subjectsOf(clients, stream), { calls: Math.ceil(calls / 3) }),
    }
  } finally {
    upstream.close()
  }
}

type ChatClient = Pick<OpenAI, 'chat'>

function createMux(source: UpstreamSource): Multiplexer {
  const mux = new Multiplexer()
  mux.addModel(source, { modelName: 'only', models: [CHAT_REQUEST.model] })
  return mux
}

function subjectsOf(
  clients: Readonly<Record<keyof SdkCalls, ChatClient>>,
  call: (client: ChatClient) => Promise<void>,
): Record<keyof SdkCalls, Subject> {
  const subjects = Object.entries(clients).map(([name, client]) => [name, byClock(() => call(client))])
  return Object.fromEntries(subjects) as Record<keyof SdkCalls, Subject>
}

async function create(client: ChatClient): Promise<void> {
  const { choices } = await client.chat.completions.create(CHAT_REQUEST)
  if (!choices[0]?.message.content) throw new Error('An answer came without content.')
}

async function stream(client: ChatClient): Promise<void> {
  let events = 0
  for await (const _ of await client.chat.completions.create({ ...CHAT_REQUEST, stream: true })) events += 1
  // The SDK keeps `[DONE]` to itself.
  if (events !== STREAM.length - 1) throw new Error(`A stream has ${events} events, not ${STREAM.length - 1}.`)
}
