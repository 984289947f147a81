import { describe, expect, it } from 'vitest'
import { classifyNodeAnswer, isResignable } from './classify-node-answer.ts'

/** Reference, section 5.5: row, status, text, the kind it has here, or undefined where the multiplexer's own table is right. */
const NODE_ROWS: readonly (readonly [string, number, string, string | undefined])[] = [
  ['1', 413, 'request body too large', 'invalid-request'],
  ['2', 400, 'malformed request body', 'invalid-request'],
  ['2', 400, 'request body read cancelled', 'invalid-request'],
  ['2', 400, 'failed to read request body', 'invalid-request'],
  ['2', 408, 'request body read timeout', undefined],
  ['3', 400, 'invalid chat completion request: unexpected EOF', 'invalid-request'],
  ['4', 400, 'messages is required', 'invalid-request'],
  ['5', 403, 'Transfer Agent not allowed', 'unauthorized'],
  ['6', 401, 'Authorization is required', 'invalid-request'],
  ['7', 400, 'No model specified', 'invalid-request'],
  ['8', 403, 'inference requests are restricted until block height 2459375', 'suspended'],
  ['8b', 503, 'unable to fetch chain params', 'unavailable'],
  ['8b', 503, 'unable to fetch chain status', 'unavailable'],
  ['9', 400, 'messages[0].role has unsupported value "x"', 'invalid-request'],
  ['10', 500, 'rpc error: code = NotFound desc = account not found', 'suspended'],
  ['10', 500, 'rpc error: code = NotFound desc = account has no public key', 'suspended'],
  ['10', 500, 'runtime error: invalid memory address or nil pointer dereference', 'suspended'],
  ['10b', 404, 'Account not found', 'suspended'],
  ['10b', 404, 'Inference participant not found', 'suspended'],
  ['11', 401, 'Unable to validate request against PubKey:invalid signature', 'unauthorized'],
  ['11', 401, 'Unable to validate request against PubKey:illegal base64 data at input byte 4', 'unauthorized'],
  ['12', 404, 'model not found', 'model-missing'],
  ['12b', 503, 'unable to fetch current epoch group data', 'unavailable'],
  ['13', 402, 'Insufficient balance', 'suspended'],
  ['14', 400, 'signature is too old', 'unavailable'],
  ['14', 400, 'signature is in the future', 'unavailable'],
  ['15', 400, 'AuthKey has already been used for a transfer request', 'unavailable'],
  [
    '16',
    429,
    'Transfer Agent capacity reached. Try another TA from http://x/v1/epochs/current/participants',
    'rate-limited',
  ],
  ['17b', 503, 'no executors available for model', 'unavailable'],
  ['18', 500, 'Post "http://1.2.3.4": dial tcp 1.2.3.4:80: i/o timeout', 'unavailable'],
  ['19', 400, 'Request timestamp is too old', 'unavailable'],
  ['19', 400, 'AuthKey has already been used for an executor request', 'unavailable'],
  ['19', 400, 'Prompt hash mismatch', 'unavailable'],
  ['19', 400, 'Prompt hash is missing', 'unavailable'],
  ['19b', 401, 'Unable to validate request against TransferSignature:invalid signature', 'unavailable'],
  ['20', 503, 'no inference nodes available', 'unavailable'],
  ['21', 422, 'Inference node response with an error. code = 422. error = {"message":"bad"}.', undefined],
  ['21', 400, 'Inference node response with an error. code = 400. error = {"message":"bad"}.', undefined],
  ['22', 500, 'Inference node response with an error. code = 503. error = {"message":"bad"}.', 'unavailable'],
  ['24', 410, 'deprecated', 'suspended'],
  ['25', 429, 'rate limit exceeded', undefined],
]

const SCOPES: Readonly<Record<string, string>> = {
  suspended: 'group',
  unauthorized: 'member',
  unavailable: 'member',
  'invalid-request': 'request',
  'model-missing': 'member-model',
  'rate-limited': 'member',
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

  it.each(NODE_ROWS.filter(([, , , kind]) => kind !== undefined))(
    'row %s: %i %s, whatever its content type, and also when its JSON is cut off or followed by more',
    (...row) => {
      const [, status, text, kind] = row
      const whole = JSON.stringify({ error: text, padding: 'x'.repeat(100) })
      for (const contentType of ['application/json', 'text/html; charset=utf-8', 'text/plain', '', undefined]) {
        for (const bodyText of [whole, whole.slice(0, -1), whole.slice(0, -100), `${whole}\n${whole}`]) {
          expect(classifyNodeAnswer({ status, bodyText, contentType })?.kind).toBe(kind)
        }
      }
    },
  )

  it.each(['', 'null', '[]', '"deprecated"', '{"error":null}', '{"error":7}', '{"error":{}}', '{"error":', '<html>'])(
    'takes the status alone from a body like %s',
    (bodyText) => {
      expect(classifyNodeAnswer({ status: 400, bodyText })).toBeUndefined()
      expect(classifyNodeAnswer({ status: 402, bodyText })?.kind).toBe('suspended')
      expect(isResignable({ status: 400, bodyText })).toBe(false)
    },
  )

  it('gives reasons that quote nothing of the answer', () => {
    const quoting = NODE_ROWS.map(([, status, text]) =>
      classifyNodeAnswer({ status, bodyText: `{"error":"${text.replaceAll('"', '')} hunter2"}` }),
    )
    expect(quoting.filter((verdict) => verdict !== undefined).length).toBeGreaterThan(30)
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
