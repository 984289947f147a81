import { createVerdict } from '@multiplexer/core/router'

/** A complete answer, in the form that was asked for.
 * @param {{ stream?: boolean }} request */
export function complete({ stream = false } = {}) {
  if (stream) return streamed([delta('Hello.', 'stop'), '[DONE]'])()
  const choice = { index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }
  return json(200, { object: 'chat.completion', choices: [choice] })
}

/** What one attempt can end with: its name in the table, and the transport that makes it happen. */
export const CORE_CASES = [
  { name: 'a complete answer', transport: async () => complete() },
  refusal('429', 429),
  refusal('429 with `Retry-After: 30`', 429, { headers: { 'retry-after': '30' } }),
  refusal('429 with a `Retry-After` of three days', 429, { headers: { 'retry-after': '259200' } }),
  refusal('529', 529),
  refusal('408', 408),
  refusal('500, 502, 503, 504 and other 5xx', 503),
  refusal('503 with `Retry-After: 30`', 503, { headers: { 'retry-after': '30' } }),
  { name: 'connection refused, reset, DNS or TLS failure', transport: fail('ECONNRESET') },
  { name: 'no answer within its time', transport: hang, timeouts: { answerMs: 5 } },
  refusal('a redirect', 302, { headers: { location: 'https://elsewhere.example/' } }),
  {
    name: '200 with HTML',
    transport: async () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } }),
  },
  { name: '200 with half a JSON body', transport: async () => new Response('{"choices":[{"mess') },
  refusal('200 with an error body', 200, { code: 'server_busy' }),
  refusal('200 with an error body and a quota code', 200, { code: 'insufficient_quota' }),
  {
    name: 'a stream whose first event is an error',
    transport: streamed(['{"error":{"code":"x","message":"y"}}']),
    stream: true,
  },
  { name: 'a stream that ends before content', transport: streamed([]), stream: true },
  { name: 'a stream that breaks before content', transport: streamed([], { breaks: true }), stream: true },
  {
    name: 'a stream that ends without `finish_reason` after content',
    transport: streamed([delta('Hel')]),
    stream: true,
  },
  { name: 'a stream that breaks after content', transport: streamed([delta('Hel')], { breaks: true }), stream: true },
  refusal('401', 401),
  refusal('403', 403),
  refusal('404', 404),
  refusal('410', 410),
  refusal('400 `model_not_found`', 400, { code: 'model_not_found' }),
  refusal('400 `context_length_exceeded`', 400, { code: 'context_length_exceeded' }),
  refusal('400 `unsupported_parameter`', 400, { code: 'unsupported_parameter' }),
  refusal('400 `content_policy_violation`', 400, { code: 'content_policy_violation' }),
  refusal('any other 400, 405, 413, 422', 422),
  refusal('402', 402),
  {
    ...refusal("a member's own row that says `suspended`", 418),
    member: { classify: () => createVerdict('suspended', { retryAfterMs: Number.POSITIVE_INFINITY }) },
  },
  { name: "the caller's abort", transport: hang, abort: true },
]

function refusal(name, status, { code = 'x', headers = {} } = {}) {
  return { name, transport: async () => json(status, { error: { code, message: 'no' } }, headers) }
}

function fail(code) {
  return async () => {
    throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) })
  }
}

function hang({ signal }) {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function delta(content, finishReason = null) {
  return JSON.stringify({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finishReason }],
  })
}

function streamed(events, { breaks = false } = {}) {
  return async () => {
    const encoder = new TextEncoder()
    const waiting = events.map((event) => encoder.encode(`data: ${event}\n\n`))
    const body = new ReadableStream({
      pull(controller) {
        const next = waiting.shift()
        if (next) controller.enqueue(next)
        else if (breaks) controller.error(new TypeError('terminated'))
        else controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

function json(status, value, headers = {}) {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } })
}
