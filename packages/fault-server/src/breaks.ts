import type { Exchange } from './exchange.ts'
import { formatEvent, healthyEvents, openJson, openStream, sendJson, writeEvents } from './send.ts'

export function resetBeforeHeaders(exchange: Exchange): void {
  exchange.cut()
}

/** The pause lets the client take what was sent: a read that fails may throw away what waits before it. */
export async function cutAfter40(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  if (streamed) await openStream(exchange, script.contentEvents(0, 40))
  else await openJson(exchange, 40)
  await exchange.wait(1)
  exchange.cut()
}

export async function malformedEvent(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  const half = Math.floor(script.tokens.length / 2)
  if (!streamed) {
    return sendJson(exchange, 200, script.json().replace('"finish_reason"', '"broken": oops, "finish_reason"'))
  }
  await openStream(exchange, script.contentEvents(0, half))
  await exchange.wait(1)
  await writeEvents(exchange, ['{"choices": [oops', ...script.contentEvents(half), script.finishEvent, '[DONE]'])
  exchange.end()
}

/** The cut JSON ends with a brace, as whole ones do: only reading it shows that it is not whole. */
export async function truncatedJson(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  const json = script.json()
  if (!streamed) return sendJson(exchange, 200, json.slice(0, json.indexOf('}') + 1))
  await openStream(exchange, script.contentEvents(0, 40))
  await exchange.write(formatEvent(script.contentEvent('lost')).slice(0, -20))
  exchange.end()
}

export async function lyingContentLength(exchange: Exchange): Promise<void> {
  const { streamed, script } = exchange.details
  const events = [script.roleEvent, ...healthyEvents(exchange), '[DONE]']
  const body = streamed ? events.map(formatEvent).join('') : script.json()
  const type = streamed ? 'text/event-stream' : 'application/json'
  exchange.head(200, { 'content-type': type, 'content-length': String(Buffer.byteLength(body) + 1_000) })
  await exchange.write(body)
  await exchange.wait(1)
  exchange.cut()
}
