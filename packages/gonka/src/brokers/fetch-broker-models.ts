import type { FetchLike, Logger } from '@multiplexer/core/router'
import type { GonkaBroker } from './gonka-broker.ts'

/** What asking a broker for its models needs. */
export interface ModelsRequest {
  readonly fetch?: FetchLike | undefined
  readonly signal?: AbortSignal | undefined
  /** Time for the whole answer, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined
  readonly logger?: Logger | undefined
}

/** Asks a broker which models it serves. The key goes to the broker's own URL: redirects are refused.
 * @returns Model ids, at least one and none twice; undefined, after a warning, when there is no usable answer.
 * @throws The signal's reason when it is aborted, and nothing else. */
export async function fetchBrokerModels(
  broker: GonkaBroker,
  request: ModelsRequest = {},
): Promise<readonly string[] | undefined> {
  try {
    return await askForModels(broker, request)
  } catch (error) {
    request.signal?.throwIfAborted()
    // Only our own texts are repeated: others may hold a URL or a header.
    const reason = error instanceof UnusableAnswer ? error.message : error instanceof Error ? error.name : 'no answer'
    const details = { broker: broker.name, host: broker.host, reason }
    request.logger?.warn('the models of a broker are not known; it is used for any model', details)
    return undefined
  }
}

class UnusableAnswer extends Error {}

const MAX_BYTES = 4 * 1024 * 1024
const MAX_MODELS = 10_000
const MAX_ID_LENGTH = 256

async function askForModels(broker: GonkaBroker, request: ModelsRequest): Promise<readonly string[]> {
  const { fetch = (input, init) => globalThis.fetch(input, init), signal: abort, timeoutMs = 10_000 } = request
  abort?.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = abort ? AbortSignal.any([abort, timeout]) : timeout
  const headers = { accept: 'application/json', authorization: `Bearer ${broker.apiKey()}` }
  const response = await fetch(`${broker.url}/models`, { method: 'GET', headers, redirect: 'manual', signal })
  if (response.redirected || response.type === 'opaqueredirect' || response.status !== 200) {
    response.body?.cancel().catch(ignore)
    throw new UnusableAnswer(`GET models was answered with HTTP ${response.status}`)
  }
  return parseModels(await readText(response, signal))
}

/** Reads no more than the limit, and lets go of the answer when the time is up. */
async function readText({ body }: Response, signal: AbortSignal): Promise<string> {
  const reader = body?.getReader()
  if (!reader) return ''
  const onAbort = (): void => void reader.cancel(signal.reason).catch(ignore)
  signal.addEventListener('abort', onAbort, { once: true })
  const decoder = new TextDecoder()
  let text = ''
  let sizeBytes = 0
  try {
    for (let next = await reader.read(); next.value; next = await reader.read()) {
      sizeBytes += next.value.length
      if (sizeBytes > MAX_BYTES) throw new UnusableAnswer(`the list of models has more than ${MAX_BYTES} bytes`)
      text += decoder.decode(next.value, { stream: true })
    }
    signal.throwIfAborted()
    return text
  } finally {
    signal.removeEventListener('abort', onAbort)
    reader.cancel().catch(ignore)
  }
}

function parseModels(text: string): readonly string[] {
  const { data } = parseObject(text)
  if (!Array.isArray(data)) throw new UnusableAnswer('the answer to GET models is not a list of models')
  const ids = data.slice(0, MAX_MODELS).map((entry: { id?: unknown } | null) => entry?.id)
  const valid = ids.filter((id) => typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH)
  if (valid.length === 0) throw new UnusableAnswer('the list of models is empty')
  return Object.freeze([...new Set(valid as string[])])
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>
  } catch {
    throw new UnusableAnswer('the answer to GET models is not JSON')
  }
}

function ignore(): void {}
