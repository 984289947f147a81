import type { Exchange } from './exchange.ts'
import { openEmptyStream, openJson, openStream, sendHealthy, writeEvents } from './send.ts'

export function silence(): void {}

export function headersThenSilence(exchange: Exchange): void {
  if (exchange.details.streamed) openEmptyStream(exchange)
  else exchange.head(200, { 'content-type': 'application/json' })
}

export async function roleOnlyThenSilence(exchange: Exchange): Promise<void> {
  if (exchange.details.streamed) await openStream(exchange, [])
  else await openJson(exchange, 0)
}

/** Streamed, the headers and the role come at once: a clock that any frame stops would be fooled. */
export async function slowFirstToken(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  if (streamed) await openStream(exchange, [])
  await exchange.wait(20)
  if (!streamed) return sendHealthy(exchange)
  await writeEvents(exchange, [...script.contentEvents(), script.finishEvent, '[DONE]'])
  exchange.end()
}

export async function stallAfter20(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  if (streamed) await openStream(exchange, script.contentEvents(0, 20))
  else await openJson(exchange, 20)
}
