import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyBrokerAnswer } from './classify-broker-answer.ts'

const KEY = 'gk-prx-c0ffee5ec4e7'

/** Reference, section 5.6; undefined where the multiplexer's own table is right. */
const ROWS: readonly (readonly [number, string, string | undefined])[] = [
  [400, 'unsupported model "x/y"', 'model-missing'],
  [400, 'Chat completions parameter "guided_json" is currently rejected by the Gonka network', undefined],
  [400, 'the prompt asks about an unsupported model', undefined],
  [400, 'signature is too old', undefined],
  [401, 'model "x" requires an API key', 'unauthorized'],
  [401, 'Authorization is required', 'unauthorized'],
  [402, 'Insufficient balance', 'suspended'],
  [403, 'inference requests are restricted until block height 7', undefined],
  [404, 'model not found', 'model-missing'],
  [404, 'account not found', undefined],
  [404, 'The model `x` does not exist', undefined],
  [404, 'page not found', 'model-missing'],
  [410, 'deprecated', 'suspended'],
  [429, 'rate limit exceeded', undefined],
  [500, 'account not found', undefined],
  [502, 'upstream model provider rejected', undefined],
  [503, 'model temporarily unavailable', undefined],
  [504, 'timed out', undefined],
]

test.each(ROWS)('%i %s', (status, text, kind) => {
  const whole = JSON.stringify({ error: { message: text } })
  for (const bodyText of [whole, whole.slice(0, -1), JSON.stringify({ error: text }), `${text}\n`]) {
    const headers = new Headers({ 'content-type': 'text/plain; charset=utf-8' })
    expect(classifyBrokerAnswer({ status, bodyText, headers }, KEY)?.kind).toBe(kind)
  }
})

test('a 503 in HTML is the limit of a proxy', () => {
  const headers = new Headers({ 'content-type': 'text/html' })
  expect(classifyBrokerAnswer({ status: 503, bodyText: '<html>', headers }, KEY)?.kind).toBe('rate-limited')
})

test('a path that nobody serves, and a redirect, are about the URL that was given', () => {
  expect(classifyBrokerAnswer({ status: 404, bodyText: '404 page not found\n' }, KEY)?.reason).toBe(
    'the broker does not serve this path (404); check brokers[].url, which mostly ends with /v1',
  )
  for (const status of [301, 302, 303, 307]) {
    const headers = new Headers({ location: `https://evil.example/${KEY}` })
    expect(classifyBrokerAnswer({ status, headers }, KEY)).toMatchObject({
      kind: 'unavailable',
      reason: `the broker answered with a redirect (${status}), which is never followed; check brokers[].url`,
    })
  }
})

test('what got no answer is left to the multiplexer', () => {
  expect(classifyBrokerAnswer({ error: new Error('reset') }, KEY)).toBeUndefined()
})

test('a gateway that was switched off is left alone for good, and its new URL is shown', () => {
  const bodyText = JSON.stringify({ status: 308, message: 'moved', new_url: 'https://new.example/v1?token=secret' })
  const verdict = classifyBrokerAnswer({ status: 308, bodyText }, KEY)
  expect(verdict).toMatchObject({ kind: 'suspended', retryAfterMs: Number.POSITIVE_INFINITY })
  expect(verdict?.reason).toMatch(/change brokers\[\]\.url: it names https:\/\/new\.example\/v1$/)
})

test.each([
  ['a new URL that holds the key', `https://new.example/${KEY}`],
  ['a host that holds the key', `https://${KEY}.example`],
  ['a long one', `https://new.example/${'x'.repeat(300)}`],
  ['another scheme', 'javascript:alert(1)'],
  ['no text', 5],
])('%s is not shown', (_, newUrl) => {
  const verdict = classifyBrokerAnswer({ status: 308, bodyText: JSON.stringify({ new_url: newUrl }) }, KEY)
  expect(verdict?.reason).toMatch(/change brokers\[\]\.url$/)
})

test('no answer makes it throw, or say anything of the answer', () => {
  const body = fc.oneof(fc.json(), fc.string(), fc.constant(`{"error":{"message":"${KEY}"}}`))
  fc.assert(
    fc.property(fc.constantFrom(308, 400, 401, 402, 404, 410, 500, 503), body, (status, bodyText) => {
      expect(classifyBrokerAnswer({ status, bodyText }, KEY)?.reason ?? '').not.toContain(KEY)
    }),
  )
})
