import type { Exchange } from './exchange.ts'
import {
  errorJson,
  healthyEvents,
  openEmptyStream,
  openStream,
  sendHealthy,
  sendJson,
  sendStream,
  writeEvents,
} from './send.ts'

const HUGE_CHARS = 10_000_000

export async function noDone(exchange: Exchange): Promise<void> {
  if (exchange.details.streamed) await sendStream(exchange, healthyEvents(exchange))
  else await sendHealthy(exchange)
}

export async function noFinishReason(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  if (streamed) await sendStream(exchange, [...script.contentEvents(0, 40), '[DONE]'])
  else await sendJson(exchange, 200, script.json(script.text(), null))
}

export async function errorBody200(exchange: Exchange): Promise<void> {
  await sendJson(exchange, 200, errorJson('server_error'))
}

export async function firstEventError(exchange: Exchange): Promise<void> {
  if (!exchange.details.streamed) return errorBody200(exchange)
  openEmptyStream(exchange)
  await writeEvents(exchange, [errorJson('server_error'), '[DONE]'])
  exchange.end()
}

export async function lateErrorEvent(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  if (streamed) {
    await openStream(exchange, script.contentEvents(0, 20))
    await exchange.wait(1)
    await writeEvents(exchange, [errorJson('server_error'), '[DONE]'])
    return exchange.end()
  }
  const answer = { ...JSON.parse(script.json(script.text(20), null)), ...JSON.parse(errorJson('server_error')) }
  await sendJson(exchange, 200, JSON.stringify(answer))
}

export async function hugeEvent(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  const { first, huge, last } = hugeParts(script.tokens)
  if (!streamed) return sendJson(exchange, 200, script.json(first.join('') + huge + last.join('')))
  const events = [...first, huge, ...last].map((token) => script.contentEvent(token))
  await sendStream(exchange, [...events, script.finishEvent, '[DONE]'])
}

/** The text of the `huge-event` fault, from a server's tokens. */
export function hugeText(tokens: readonly string[]): string {
  const { first, huge, last } = hugeParts(tokens)
  return first.join('') + huge + last.join('')
}

function hugeParts(tokens: readonly string[]): { first: readonly string[]; huge: string; last: readonly string[] } {
  const half = Math.floor(tokens.length / 2)
  return { first: tokens.slice(0, half), huge: `${'x'.repeat(HUGE_CHARS)} `, last: tokens.slice(half) }
}
