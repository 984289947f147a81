import type { Multiplexer } from '@multiplexer/core'
import { type GonkaRegistrationResult, type RegisterGonkaModelsOptions, registerGonkaModels } from '@multiplexer/gonka'
import type { OpenAI } from 'openai'

/** Who is to answer, in which order. */
export interface Mix {
  /** First: participants of a Gonka network, brokers, or both. What is left out comes from the `GONKA_*` variables. */
  readonly gonka: RegisterGonkaModelsOptions
  /** Model id that callers ask for; each provider may call it otherwise. */
  readonly model: string
  /** When Gonka cannot answer: an ordinary provider, as the SDK's client. */
  readonly client?: { readonly openai: OpenAI; readonly model: string } | undefined
  /** When Gonka cannot answer: an ordinary provider, by URL and key. */
  readonly upstream?: { readonly baseURL: string; readonly apiKey: string; readonly model: string } | undefined
}

/** What came of some calls. */
export interface Answers {
  /** Answers by member. */
  readonly answers: Readonly<Record<string, number>>
  /** What was said about calls that nobody answered. */
  readonly errors: readonly string[]
}

/** Makes Gonka the first choice and ordinary providers the second. */
export async function mixProviders(mux: Multiplexer, mix: Mix): Promise<GonkaRegistrationResult> {
  const { gonka, model, client, upstream } = mix
  const registered = await registerGonkaModels(mux, gonka)
  if (client) {
    const aliases = { [model]: client.model }
    mux.addFallbackModel(client.openai, { modelName: 'fallback:client', aliases })
  }
  if (upstream) {
    const { baseURL, apiKey } = upstream
    const aliases = { [model]: upstream.model }
    mux.addFallbackModel({ baseURL, apiKey }, { modelName: 'fallback:upstream', aliases })
  }
  return registered
}

/** Asks questions one after the other and counts who answers. */
export async function askMany(mux: Multiplexer, { model, calls }: { model: string; calls: number }): Promise<Answers> {
  const answers: Record<string, number> = {}
  const errors: string[] = []
  for (let number = 0; number < calls; number++) {
    const messages = [{ role: 'user' as const, content: `Question ${number}` }]
    try {
      const { response } = await mux.chat.completions.create({ model, messages }).withResponse()
      const member = response.headers.get('x-multiplexer-model') ?? ''
      answers[member] = (answers[member] ?? 0) + 1
    } catch (error) {
      errors.push(error instanceof Error ? error.message : 'Something that is no error was thrown.')
    }
  }
  return { answers, errors }
}
