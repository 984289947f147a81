import { anonymousRequest, isModelId, readBodyText, runWithTimeout } from '@gonka/protocol'
import type { FetchLike, Logger } from '@multiplexer/core/router'

/** What asking for models needs. */
export interface ModelsRequest {
  readonly fetch?: FetchLike | undefined
  readonly signal?: AbortSignal | undefined
  /** Time for the whole answer, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined
  readonly logger?: Logger | undefined
}

/** Asks an OpenAI-compatible API which models it serves: one GET, no redirects, a byte limit and a time limit.
 * @param baseUrl - Where the API is; `/models` goes behind it.
 * @param apiKey - Sent as Bearer key; none when undefined.
 * @returns Model ids, at least one and none twice.
 * @throws The signal's reason when it is aborted; anything else says, through `describeUnusable`, why there is no list. */
export async function fetchModelList(
  { baseUrl, apiKey }: { readonly baseUrl: string; readonly apiKey?: string | undefined },
  request: ModelsRequest,
): Promise<readonly string[]> {
  const { fetch = (input, init) => globalThis.fetch(input, init), signal, timeoutMs = 10_000 } = request
  const createTimeoutError = (): Error => new UnusableAnswer(`no answer to GET models within ${timeoutMs} ms`)
  const headers = { accept: 'application/json', ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) }
  const ask = async (inner: AbortSignal): Promise<string | undefined> => {
    const response = await fetch(`${baseUrl}/models`, { ...anonymousRequest(), headers, signal: inner })
    if (response.redirected || response.type === 'opaqueredirect' || response.status !== 200) {
      throw new UnusableAnswer(`GET models was answered with HTTP ${response.status}`)
    }
    return readBodyText(response, MAX_BYTES)
  }
  const text = await runWithTimeout(ask, { timeoutMs, signal, createTimeoutError })
  if (text === undefined) throw new UnusableAnswer(`the list of models has more than ${MAX_BYTES} bytes`)
  return parseModels(text)
}

/** Describes why there is no list. Only our own texts are repeated: others may hold a URL or a header. */
export function describeUnusable(error: unknown): string {
  return error instanceof UnusableAnswer ? error.message : error instanceof Error ? error.name : 'no answer'
}

class UnusableAnswer extends Error {}

const MAX_BYTES = 4 * 1024 * 1024
const MAX_MODELS = 10_000

/** Nodes before v0.2.12 call the list `models`. */
function parseModels(text: string): readonly string[] {
  const { data, models = data } = parseObject(text)
  const entries = Array.isArray(data) ? data : models
  if (!Array.isArray(entries)) throw new UnusableAnswer('the answer to GET models is not a list of models')
  const ids = entries.slice(0, MAX_MODELS).map((entry: { id?: unknown } | null) => entry?.id)
  const valid = ids.filter(isModelId)
  if (valid.length === 0) throw new UnusableAnswer('the list of models is empty')
  return Object.freeze([...new Set(valid)])
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>
  } catch {
    throw new UnusableAnswer('the answer to GET models is not JSON')
  }
}
