import { describe, expect, it } from 'vitest'
import { classifyNodeAnswer, isResignable } from './classify-node-answer.ts'

/** Reference, section 5.5: row, status, text, the kind it has here, or undefined where the multiplexer's own table is right. */
const NODE_ROWS: readonly (readonly [string, number, string, string | undefined])[] = [
  ['1', 413, 'request body too large', undefined],
  ['2', 400, 'malformed request body', undefined],
  ['2', 408, 'request body read timeout', undefined],
  ['3', 400, 'invalid chat completion request: unexpected EOF', undefined],
  ['4', 400, 'messages is required', undefined],
  ['5', 403, 'Transfer Agent not allowed', 'unauthorized'],
  ['6', 401, 'Authorization is required', 'invalid-request'],
  ['7', 400, 'No model specified', undefined],
  ['8', 403, 'inference requests are restricted until block height 2459375', 'suspended'],
  ['8b', 503, 'unable to fetch chain params', undefined],
  ['9', 400, 'messages[0].role has unsupported value "x"', undefined],
  ['10', 500, 'rpc error: code = NotFound desc = account not found', 'suspended'],
  ['10', 500, 'rpc error: code = NotFound desc = account has no public key', 'suspended'],
  ['10', 500, 'runtime error: invalid memory address or nil pointer dereference', 'suspended'],
  ['10b', 404, 'Account not found', 'suspended'],
  ['10b', 404, 'Inference participant not found', 'suspended'],
  ['11', 401, 'Unable to validate request against PubKey:invalid signature', undefined],
  ['12', 404, 'model not found', 'model-missing'],
  ['12b', 503, 'unable to fetch current epoch group data', undefined],
  ['13', 402, 'Insufficient balance', 'suspended'],
  ['14', 400, 'signature is too old', 'unavailable'],
  ['14', 400, 'signature is in the future', 'unavailable'],
  ['15', 400, 'AuthKey has already been used for a transfer request', 'unavailable'],
  [
    '16',
    429,
    'Transfer Agent capacity reached. Try another TA from http://x/v1/epochs/current/participants',
    undefined,
  ],
  ['17b', 503, 'no executors available for model', undefined],
  ['18', 500, 'Post "http://1.2.3.4": dial tcp 1.2.3.4:80: i/o timeout', undefined],
  ['19', 400, 'Request timestamp is too old', 'unavailable'],
  ['19', 400, 'AuthKey has already been used for an executor request', 'unavailable'],
  ['19', 400, 'Prompt hash mismatch', 'unavailable'],
  ['19', 400, 'Prompt hash is missing', 'unavailable'],
  ['19b', 401, 'Unable to validate request against TransferSignature:invalid signature', 'unavailable'],
  ['20', 503, 'no inference nodes available', undefined],
  ['21', 400, 'Inference node response with an error. code = 400. error = {"message":"bad"}.', undefined],
  ['22', 500, 'Inference node response with an error. code = 503. error = {"message":"bad"}.', undefined],
  ['24', 410, 'deprecated', 'suspended'],
  ['25', 429, 'rate limit exceeded', undefined],
]

const SCOPES: Readonly<Record<string, string>> = {
  suspended: 'group',
  unauthorized: 'member',
  unavailable: 'member',
  'invalid-request': 'request',
  'model-missing': 'member-model',
}

describe('classifyNodeAnswer', () => {
  it.each(NODE_ROWS)('row %s: %i %s', (...row) => {
    const [, status, text, kind] = row
    for (const bodyText of [
      JSON.stringify({ error: text }),
      JSON.stringify({ error: { message: text } }),
      `${text}\n`,
    ]) {
      const verdict = classifyNodeAnswer({ status, bodyText })
      expect([verdict?.kind, verdict?.scope]).toEqual([kind, kind && SCOPES[kind]])
    }
  })

  it('row 23: a 503 in HTML is the limit of the proxy, one in JSON is not', () => {
    const html = '<html><head><title>503 Service Temporarily Unavailable</title></head></html>'
    expect(classifyNodeAnswer({ status: 503, bodyText: html })?.kind).toBe('rate-limited')
    expect(classifyNodeAnswer({ status: 503, bodyText: '', contentType: 'text/html; charset=utf-8' })?.kind).toBe(
      'rate-limited',
    )
    expect(classifyNodeAnswer({ status: 503, bodyText: '{}', contentType: 'application/json' })).toBeUndefined()
    expect(classifyNodeAnswer({ status: 502, bodyText: html })).toBeUndefined()
  })

  it.each([
    [410, '{"error":"deprecated","message":"classic inference is deprecated; use devshard"}'],
    [410, ''],
    [308, '{"status":308,"message":"moved","new_url":"https://new.example"}'],
  ])('a %i holds for good', (status, bodyText) => {
    expect(classifyNodeAnswer({ status, bodyText })).toMatchObject({
      kind: 'suspended',
      retryAfterMs: Number.POSITIVE_INFINITY,
    })
  })

  it('a 410 says that signed requests are retired, names brokers, and the option that uses them', () => {
    const reason = classifyNodeAnswer({ status: 410, bodyText: '{"error":"deprecated"}' })?.reason
    expect(reason).toContain('retired signed requests (410)')
    expect(reason).toMatch(/gonka24\.com.*gonkagate\.com.*gonkabroker\.com/)
    expect(reason).toContain('brokers: [{ url, apiKey }]')
  })

  it('lets other suspensions end', () => {
    expect(classifyNodeAnswer({ status: 402, bodyText: '' })).not.toHaveProperty('retryAfterMs')
  })

  it.each([
    [400, 'Chat completions parameter "guided_json" is currently rejected by the Gonka network'],
    [401, 'model "m" requires an API key'],
    [404, 'not found'],
    [405, 'method not allowed'],
    [429, 'too many requests'],
    [502, 'upstream failed'],
    [503, 'model temporarily unavailable'],
    [504, 'timed out'],
  ])("leaves a gateway's %i %s to the multiplexer", (status, text) => {
    expect(classifyNodeAnswer({ status, bodyText: JSON.stringify({ error: { message: text } }) })).toBeUndefined()
  })

  it.each([
    [400, 'Inference node response with an error. code = 400. error = {"message":"signature is too old"}.'],
    [400, 'messages[0].role has unsupported value "AuthKey has already been used"'],
    [400, 'invalid chat completion request: Prompt hash mismatch'],
    [500, 'Inference node response with an error. code = 500. error = {"message":"account not found"}.'],
    [404, 'no such thing: Account not found'],
  ])('is not deceived by a %i that quotes the request: %s', (status, text) => {
    expect(classifyNodeAnswer({ status, bodyText: JSON.stringify({ error: text }) })).toBeUndefined()
    expect(isResignable({ status, bodyText: JSON.stringify({ error: text }) })).toBe(false)
  })

  it.each(['', 'null', '[]', '"deprecated"', '{"error":null}', '{"error":7}', '{"error":{}}', '{"error":', '<html>'])(
    'takes the status alone from a body like %s',
    (bodyText) => {
      expect(classifyNodeAnswer({ status: 400, bodyText })).toBeUndefined()
      expect(classifyNodeAnswer({ status: 402, bodyText })?.kind).toBe('suspended')
      expect(isResignable({ status: 400, bodyText })).toBe(false)
    },
  )

  it('gives reasons that quote nothing of the answer', () => {
    const quoting = [410, 402, 403, 404, 500].map((status) =>
      classifyNodeAnswer({ status, bodyText: '{"error":"account not found hunter2"}' }),
    )
    expect(JSON.stringify(quoting)).not.toContain('hunter2')
  })
})

describe('isResignable', () => {
  const curable = /^(signature is|AuthKey|Request timestamp)/

  it.each(NODE_ROWS)('row %s: %i %s', (_, status, text) => {
    expect(isResignable({ status, bodyText: JSON.stringify({ error: text }) })).toBe(curable.test(text))
    expect(isResignable({ status, bodyText: text })).toBe(curable.test(text))
  })

  it('is for 400 only', () => {
    expect(isResignable({ status: 401, bodyText: '{"error":"signature is too old"}' })).toBe(false)
  })
})
