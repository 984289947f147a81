import { describe, expect, it } from 'vitest'
import type { AttemptOutcome, Classify } from '../types.ts'
import { createVerdict, type VerdictKind } from '../verdict.ts'
import { classifyFailure, type JudgedOutcome } from './classify-outcome.ts'

const CANARY = 'the-prompt-of-the-caller'

function refusal(status: number, body: unknown = { error: { message: CANARY } }, headers = {}): JudgedOutcome {
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: new Headers(headers), bodyText, nowMs: 0 }
}

function withCode(code: unknown, message: string = CANARY) {
  return { error: { code, message, param: CANARY } }
}

const HTML = `<html><body>${CANARY}</body></html>`
const CONTEXT_TEXT = "This model's maximum context length is 8192 tokens."

describe('a refusal', () => {
  const rows: [string, JudgedOutcome, VerdictKind, number?][] = [
    ['429', refusal(429), 'rate-limited'],
    ['429 with Retry-After', refusal(429, HTML, { 'retry-after': '30' }), 'rate-limited', 30_000],
    ['429 with retry-after-ms', refusal(429, '', { 'retry-after-ms': '30' }), 'rate-limited', 30],
    ['529', refusal(529), 'rate-limited'],
    ['408', refusal(408), 'unavailable'],
    ['500', refusal(500), 'unavailable'],
    ['500 without a body', refusal(500, ''), 'unavailable'],
    ['502 as HTML', refusal(502, HTML), 'unavailable'],
    ['503 with Retry-After', refusal(503, {}, { 'retry-after': '2' }), 'unavailable', 2_000],
    ['504', refusal(504), 'unavailable'],
    ['599', refusal(599), 'unavailable'],
    ['401', refusal(401), 'unauthorized'],
    ['403', refusal(403), 'unauthorized'],
    ['402', refusal(402), 'suspended'],
    ['404', refusal(404), 'model-missing'],
    ['404 as HTML', refusal(404, HTML), 'model-missing'],
    ['410', refusal(410), 'model-missing'],
    ['400 with a code for an unknown model', refusal(400, withCode('model_not_found')), 'model-missing'],
    ['400', refusal(400), 'invalid-request'],
    ['413', refusal(413), 'invalid-request'],
    ['422', refusal(422), 'invalid-request'],
    ['405', refusal(405), 'invalid-request'],
    ['400 context length by code', refusal(400, withCode('context_length_exceeded')), 'unsuitable'],
    ['400 context length by text', refusal(400, withCode(null, CONTEXT_TEXT)), 'unsuitable'],
    [
      '400 context length in the flat form',
      refusal(400, { object: 'error', message: CONTEXT_TEXT, code: 400 }),
      'unsuitable',
    ],
    ['400 unsupported feature', refusal(400, withCode('unsupported_parameter')), 'unsuitable'],
    ['400 content policy', refusal(400, withCode('content_policy_violation')), 'invalid-request'],
    ['403 content policy', refusal(403, withCode('content_filter')), 'invalid-request'],
    ['302', refusal(302, '', { location: `https://${CANARY}.example` }), 'unavailable'],
    ['308', refusal(308), 'unavailable'],
    ['an opaque redirect of a browser', refusal(0, ''), 'unavailable'],
    ['200 with an error body', refusal(200), 'unavailable'],
    ['200 with error text', refusal(200, { error: CANARY }), 'unavailable'],
    [
      '200 with an error body and Retry-After',
      refusal(200, withCode('x'), { 'retry-after': '1' }),
      'unavailable',
      1_000,
    ],
    ['200 with a quota code', refusal(200, withCode('insufficient_quota')), 'rate-limited'],
    ['200 with a rate limit type', refusal(200, { error: { type: 'rate_limit_error' } }), 'rate-limited'],
    ['200 with code 429', refusal(200, withCode(429), { 'retry-after': '9' }), 'rate-limited', 9_000],
    ['200 with an error in a list', refusal(200, [withCode(429)]), 'rate-limited'],
    ['200 with a context length code', refusal(200, withCode('context_length_exceeded')), 'unsuitable'],
    ['200 with a content policy code', refusal(200, withCode('content_filter')), 'invalid-request'],
    ['200 as HTML', refusal(200, HTML), 'unavailable'],
    ['200 with half a body', refusal(200, '{"choices":[{"mess'), 'unavailable'],
  ]
  it.each(rows)('%s is judged', (...row) => {
    const [, outcome, kind, retryAfterMs] = row
    const verdict = classifyFailure(outcome)
    expect(verdict).toMatchObject(createVerdict(kind, { retryAfterMs }))
    expect(verdict.retryAfterMs).toBe(retryAfterMs)
    expect(verdict.reason).toBeTruthy()
    expect(JSON.stringify(verdict)).not.toContain(CANARY)
  })

  it.each([
    [refusal(500, withCode('server_busy')), 'HTTP 500 server_busy'],
    [refusal(500, withCode(1_234)), 'HTTP 500 1234'],
    [refusal(500, withCode(`two words of ${CANARY}`)), 'HTTP 500'],
    [refusal(500, withCode({ deep: CANARY })), 'HTTP 500'],
    [refusal(500, `{"error": "${CANARY}"`), 'HTTP 500'],
    [refusal(200, withCode('server_busy')), 'error in a successful answer: server_busy'],
    [refusal(307), 'redirect refused (HTTP 307)'],
  ])('names itself in words of its own (%#)', (outcome, reason) => {
    expect(classifyFailure(outcome).reason).toBe(reason)
  })
})

describe('a refusal whose JSON is not whole', () => {
  const broken = ['{"error":"sig', '{"error":"sig data: {"error":{"message":"engine is dead"}}', '{', ' {"error"']
  it.each(broken)('blames nobody for the request: %s', (bodyText) => {
    for (const status of [400, 413, 422]) {
      expect(classifyFailure(refusal(status, bodyText))).toMatchObject({
        kind: 'unavailable',
        reason: `HTTP ${status} with a broken body`,
      })
    }
    expect(classifyFailure(refusal(401, bodyText)).kind).toBe('unauthorized')
  })

  it.each(['{"error":"whole"}', 'plain text', '', '[', `{"error":"${'x'.repeat(70_000)}"}`.slice(0, 65_536)])(
    'is not one that is whole, is no JSON object, or was not read to its end (%#)',
    (bodyText) => expect(classifyFailure(refusal(400, bodyText)).kind).toBe('invalid-request'),
  )
})

describe('an attempt without an answer', () => {
  const coded = (code: unknown, cause?: unknown) => Object.assign(new Error(`${CANARY} failed`, { cause }), { code })
  const errors: [string, unknown, string][] = [
    ['refused', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'ECONNREFUSED'],
    ['reset', coded('ECONNRESET'), 'ECONNRESET'],
    ['DNS', new TypeError('fetch failed', { cause: coded('ENOTFOUND') }), 'ENOTFOUND'],
    ['TLS', new TypeError('fetch failed', { cause: coded('CERT_HAS_EXPIRED') }), 'CERT_HAS_EXPIRED'],
    [
      'deep inside an SDK error',
      new Error(CANARY, { cause: new TypeError('x', { cause: coded('UND_ERR_SOCKET') }) }),
      'UND_ERR_SOCKET',
    ],
    ['a platform exception', new DOMException(CANARY, 'TimeoutError'), 'TimeoutError'],
    ['a code that is a sentence', coded(`${CANARY} is wrong`), 'Error'],
    ['a name that is a sentence', Object.assign(new Error('x'), { name: `${CANARY} error` }), 'no answer'],
    ['text', CANARY, 'no answer'],
    ['nothing', undefined, 'no answer'],
  ]
  it.each(errors)('is unavailable and named by its code: %s', (_, error, reason) => {
    expect(classifyFailure({ error, nowMs: 0 })).toEqual(createVerdict('unavailable', { reason }))
  })

  it('is named although its causes go round in a circle', () => {
    const error = new Error(CANARY)
    error.cause = error
    expect(classifyFailure({ error, nowMs: 0 }).reason).toBe('Error')
  })
})

describe('a member’s own rows', () => {
  const own = createVerdict('suspended', { reason: 'retired' })

  it('decide first, with all there is to see', () => {
    const seen: AttemptOutcome[] = []
    const classify: Classify = (outcome) => {
      seen.push(outcome)
      return own
    }
    const outcome = refusal(500, HTML, { 'x-reason': 'gone' })
    expect(classifyFailure(outcome, classify)).toBe(own)
    expect(seen).toEqual([outcome])
  })

  it('leave to the defaults what they do not know', () => {
    expect(classifyFailure(refusal(429), () => undefined).kind).toBe('rate-limited')
  })

  it.each([
    ['rate-limited', undefined, 7_000],
    ['unavailable', undefined, 7_000],
    ['rate-limited', 1_000, 1_000],
    ['suspended', undefined, undefined],
    ['unauthorized', undefined, undefined],
  ] as const)('leave Retry-After to the headers: %s with %s', (kind, retryAfterMs, expected) => {
    const classify = () => createVerdict(kind, { retryAfterMs })
    const limited = refusal(503, HTML, { 'retry-after': '7' })
    expect(classifyFailure(limited, classify)).toEqual(createVerdict(kind, { retryAfterMs: expected }))
    expect(classifyFailure(refusal(503), classify)).toEqual(createVerdict(kind, { retryAfterMs }))
  })

  it.each([
    ['throw', () => expect.unreachable()],
    ['return a promise', async () => own],
    ['return an unknown kind', () => ({ ...own, kind: 'broken' })],
    ['return text', () => 'suspended'],
    ['ask for a wait that is no number', () => createVerdict('rate-limited', { retryAfterMs: Number.NaN })],
    ['ask for a negative wait', () => createVerdict('rate-limited', { retryAfterMs: -1 })],
  ])('are ignored when they %s', (_, classify) => {
    expect(classifyFailure(refusal(503), classify as Classify)).toEqual(
      createVerdict('unavailable', { reason: 'HTTP 503' }),
    )
  })
})
