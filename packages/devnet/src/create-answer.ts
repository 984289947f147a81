import { deriveBytes, deriveInteger } from './derive.ts'
import type { ChatRequest } from './parse-chat-request.ts'

/** One answer of the simulated model. */
export interface Answer {
  /** The text in tokens; joined they are the text. */
  readonly tokens: readonly string[]
  readonly finishReason: 'stop' | 'length'
}

/** Token counts as OpenAI names them. */
export interface Usage {
  readonly completion_tokens: number
  readonly prompt_tokens: number
  readonly total_tokens: number
}

/** The limit that nodes set when the request has none. */
export const DEFAULT_MAX_TOKENS = 5_000

const WORDS =
  'amber birch canyon delta ember fjord grove harbor island jasper kelp lagoon meadow north orchid prairie quartz river summit tundra umber valley willow yonder zephyr'.split(
    ' ',
  )

/** Makes the answers to a request; they depend on seed, model and prompt alone, so every participant gives the same ones. */
export function createAnswers(request: ChatRequest, seed: string): Answer[] {
  return Array.from({ length: request.n }, (_, choice) => createAnswer(request, `${seed}/choice/${choice}`))
}

/** Counts tokens: the prompt's as a quarter of its characters, the answers' exactly. */
export function countUsage(request: ChatRequest, answers: readonly Answer[]): Usage {
  const prompt = Math.max(1, Math.ceil(request.prompt.length / 4))
  const completion = answers.reduce((sum, answer) => sum + answer.tokens.length, 0)
  return { completion_tokens: completion, prompt_tokens: prompt, total_tokens: prompt + completion }
}

function createAnswer({ model, prompt, maxTokens }: ChatRequest, seed: string): Answer {
  const length = deriveInteger(deriveBytes(seed, JSON.stringify([model, prompt])), 6, 18)
  const limit = maxTokens || DEFAULT_MAX_TOKENS
  const tokens = Array.from({ length: Math.min(length, limit) }, (_, position) => {
    const bytes = deriveBytes(seed, JSON.stringify([model, prompt, position]))
    return `${position === 0 ? '' : ' '}${WORDS[deriveInteger(bytes, 0, WORDS.length - 1)]}`
  })
  return { tokens, finishReason: length > limit ? 'length' : 'stop' }
}
