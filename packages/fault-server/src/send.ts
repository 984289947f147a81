import type { Exchange } from './exchange.ts'

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
const JSON_BODY = { 'content-type': 'application/json' }

/** Answers as a healthy upstream does, streamed or not. */
export async function sendHealthy(exchange: Exchange): Promise<void> {
  if (exchange.details.streamed) await sendStream(exchange, [...healthyEvents(exchange), '[DONE]'])
  else await sendJson(exchange, 200, exchange.details.script.json())
}

/** Everything a healthy stream holds before `[DONE]`. */
export function healthyEvents({ details: { script, includeUsage } }: Exchange): string[] {
  return [...script.contentEvents(), script.finishEvent, ...(includeUsage ? [script.usageEvent] : [])]
}

/** A whole event stream that opens with the role event and ends cleanly. */
export async function sendStream(exchange: Exchange, events: readonly string[]): Promise<void> {
  await openStream(exchange, events)
  exchange.end()
}

/** The beginning of an event stream: the role event and `events`. */
export async function openStream(exchange: Exchange, events: readonly string[]): Promise<void> {
  exchange.head(200, EVENT_STREAM)
  await writeEvents(exchange, [exchange.details.script.roleEvent, ...events])
}

/** Sends the headers of an event stream only. */
export function openEmptyStream(exchange: Exchange): void {
  exchange.head(200, EVENT_STREAM)
}

/** Writes each event on its own, so that they travel as a model's tokens do. */
export async function writeEvents(exchange: Exchange, events: readonly string[]): Promise<void> {
  for (const event of events) await exchange.write(formatEvent(event))
}

/** One server-sent event. */
export function formatEvent(data: string): string {
  return `data: ${data}\n\n`
}

/** A whole JSON body that ends cleanly, whatever is in it. */
export async function sendJson(exchange: Exchange, status: number, json: string): Promise<void> {
  exchange.head(status, JSON_BODY)
  await exchange.write(json)
  exchange.end()
}

/** The beginning of a JSON body: everything before the token with number `count`. */
export async function openJson(exchange: Exchange, count: number): Promise<void> {
  const { script } = exchange.details
  exchange.head(200, JSON_BODY)
  await exchange.write(script.json().split(script.tokens[count] ?? '"finish_reason"', 1)[0] ?? '')
}

/** An OpenAI-style refusal. */
export async function refuse(
  exchange: Exchange,
  status: number,
  { code, headers = {} }: { code: string; headers?: Record<string, string> },
): Promise<void> {
  exchange.head(status, { ...JSON_BODY, ...headers })
  await exchange.write(errorJson(code))
  exchange.end()
}

/** An OpenAI-style error body; its message holds the code, so that a test can see that it came through untouched. */
export function errorJson(code: string): string {
  return JSON.stringify({ error: { message: `fault: ${code}`, type: 'fault', code, param: null } })
}
