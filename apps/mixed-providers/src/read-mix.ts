import { OpenAI } from 'openai'
import type { Mix } from './mix-providers.ts'

/** The command line or the environment is wrong; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Where values may come from besides the command line. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Tells whether the environment names participants or brokers. */
export function namesGonka(environment: Environment): boolean {
  const { GONKA_SOURCE_URL, GONKA_ENDPOINTS, GONKA_BROKERS } = environment
  return Boolean(GONKA_SOURCE_URL || GONKA_ENDPOINTS || GONKA_BROKERS)
}

/** Reads who is to answer. Participants and brokers are read by `registerGonkaModels()` itself.
 * @throws {UsageError} when there is no model, or no provider to fall back to, or one is named by half. */
export function readMix(
  environment: Environment,
  { model, allowPrivateHosts }: { model: string | undefined; allowPrivateHosts: boolean },
): Mix {
  if (!model) throw new UsageError('--model is missing; see --help.')
  const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL = model } = environment
  const { FALLBACK_URL, FALLBACK_API_KEY, FALLBACK_MODEL = model } = environment
  if (!OPENAI_API_KEY && !FALLBACK_URL) throw new UsageError('OPENAI_API_KEY or FALLBACK_URL is missing; see --help.')
  if (FALLBACK_URL && !FALLBACK_API_KEY) throw new UsageError('FALLBACK_API_KEY is missing; see --help.')
  const client = OPENAI_API_KEY && { openai: new OpenAI({ apiKey: OPENAI_API_KEY, baseURL: OPENAI_BASE_URL }) }
  const upstream = FALLBACK_URL && FALLBACK_API_KEY && { baseURL: FALLBACK_URL, apiKey: FALLBACK_API_KEY }
  return {
    gonka: { allowPrivateHosts },
    model,
    client: client ? { ...client, model: OPENAI_MODEL } : undefined,
    upstream: upstream ? { ...upstream, model: FALLBACK_MODEL } : undefined,
  }
}
