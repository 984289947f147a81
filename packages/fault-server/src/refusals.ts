import type { Exchange } from './exchange.ts'
import { refuse, sendHealthy } from './send.ts'

/** Where the `redirect` fault points; nobody should ever be seen there. */
const REDIRECT_PATH = '/v1/redirected'

export async function rateLimitedForTwoSeconds(exchange: Exchange): Promise<void> {
  const { sinceFirstMs, secondMs } = exchange.details
  if (sinceFirstMs >= 2 * secondMs) return sendHealthy(exchange)
  await refuse(exchange, 429, {
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': String((2 * secondMs) / 1_000) },
  })
}

export async function rateLimitedForever(exchange: Exchange): Promise<void> {
  await refuse(exchange, 429, { code: 'rate_limit_exceeded' })
}

/** Not scaled with the server's second: the point is that nobody waits for it. */
export async function retryAfterHuge(exchange: Exchange): Promise<void> {
  await refuse(exchange, 429, { code: 'rate_limit_exceeded', headers: { 'retry-after': '86400' } })
}

export async function error500Once(exchange: Exchange): Promise<void> {
  if (exchange.details.nth === 1) await refuse(exchange, 500, { code: 'internal_error' })
  else await sendHealthy(exchange)
}

export async function unavailableForever(exchange: Exchange): Promise<void> {
  await refuse(exchange, 503, { code: 'service_unavailable' })
}

export async function flapping(exchange: Exchange): Promise<void> {
  if (exchange.details.isDown) await unavailableForever(exchange)
  else await sendHealthy(exchange)
}

export const html502: Scenario = (exchange) => sendHtml(exchange, 502)

export const html503: Scenario = (exchange) => sendHtml(exchange, 503)

export const contextLength: Scenario = (exchange) => refuse(exchange, 400, { code: 'context_length_exceeded' })

export const contentPolicy: Scenario = (exchange) => refuse(exchange, 400, { code: 'content_policy_violation' })

export const unauthorized: Scenario = (exchange) => refuse(exchange, 401, { code: 'invalid_api_key' })

export const modelMissing: Scenario = (exchange) => refuse(exchange, 404, { code: 'model_not_found' })

export function redirect(exchange: Exchange): void {
  exchange.head(302, { location: REDIRECT_PATH })
  exchange.end()
}

type Scenario = (exchange: Exchange) => Promise<void>

async function sendHtml(exchange: Exchange, status: number): Promise<void> {
  exchange.head(status, { 'content-type': 'text/html' })
  await exchange.write(`<html><head><title>${status}</title></head><body><h1>Bad day</h1></body></html>\r\n`)
  exchange.end()
}
