import { type Attempt, attemptsOf, isMultiplexerError, Router } from '@multiplexer/core/router'
import type { GonkaConfigOptions } from '../config-options.ts'
import { registerGonkaModels } from '../register-gonka-models.ts'
import { parseObject } from './ask-node.ts'
import { failed, passed } from './create-row.ts'
import type { DoctorSettings } from './read-settings.ts'
import { shadowStore } from './shadow-store.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** A model may think for a while, also about a few tokens. */
const DEADLINE_MS = 120_000

/** Sends one small, paid request the way an application does: registration, choice, signature, failover.
 * @param model - Undefined leaves the choice to the member that is picked. */
export async function sendRequest(
  settings: DoctorSettings,
  ports: DoctorPorts,
  model: string | undefined,
): Promise<DoctorRow> {
  const { fetch, now, signal, timeoutMs, resolveHost } = ports
  const { trustStore, participantStore, ...options } = settings.merged as GonkaConfigOptions
  const router = new Router({ deadlineMs: DEADLINE_MS, now })
  try {
    await registerGonkaModels(router, {
      ...options,
      trustStore: trustStore && shadowStore(trustStore),
      participantStore: participantStore && shadowStore(participantStore),
      refreshEnabled: false,
      discovery: { retryCount: 0, timeoutMs, resolveHost },
      env: {},
      fetch,
      now,
      signal,
    })
    const startMs = now()
    const response = await router.fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: model ?? 'auto',
        messages: [{ role: 'user', content: 'Say OK.' }],
        max_tokens: 16,
      }),
      signal: signal ?? null,
    })
    const text = await response.text()
    return describeAnswer({ response, text, tookMs: Math.round(now() - startMs) })
  } catch (error) {
    signal?.throwIfAborted()
    const detail = isMultiplexerError(error) ? error.message : 'the request could not be made'
    return failed('request', { detail, next: SEE_ABOVE })
  }
}

const SEE_ABOVE = 'see the first check above that failed'

interface Sent {
  readonly response: Response
  readonly text: string
  readonly tookMs: number
}

function describeAnswer({ response, text, tookMs }: Sent): DoctorRow {
  const attempts = attemptsOf(response)
  if (response.ok) {
    const { usage } = parseObject(text) ?? {}
    const { total_tokens: tokens } = (usage ?? {}) as { total_tokens?: unknown }
    const cost = typeof tokens === 'number' ? `, ${tokens} tokens` : ''
    return passed('request', { detail: `answered by ${attempts.at(-1)?.member ?? 'a member'} in ${tookMs} ms${cost}` })
  }
  // With that header the text is the multiplexer's own, which names each attempt; otherwise it is a stranger's.
  const isOwn = response.headers.has('x-multiplexer-error')
  const trail = isOwn ? messageOf(text) : attempts.map(describeAttempt).join('; ')
  const detail = `failed with ${response.status}${trail === '' ? '' : `: ${trail}`}`
  const next = response.status === 404 ? 'name a model that is served (here --model)' : SEE_ABOVE
  return failed('request', { detail, next })
}

function messageOf(text: string): string {
  const { error } = parseObject(text) ?? {}
  const { message } = (error ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : ''
}

function describeAttempt({ member, verdict, status }: Attempt): string {
  return `${member}: ${verdict.reason ?? verdict.kind}${status === undefined ? '' : ` (${status})`}`
}
