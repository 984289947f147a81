import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUpstreamError } from './upstream-error.ts'

const NONE = { present: false, code: '', message: '' }

describe('the error in a body', () => {
  it.each([
    [{ error: { code: 'c', type: 't', message: 'm' } }, 'c', 'm'],
    [{ error: { code: null, type: 't', message: 'm' } }, 't', 'm'],
    [{ error: { code: 429, message: 'm' } }, '429', 'm'],
    [{ error: { code: 'not a code', message: 5 } }, '', ''],
    [{ error: 'text' }, '', 'text'],
    [{ error: {} }, '', ''],
    [[{ error: { code: 'c', message: 'm' } }], 'c', 'm'],
    [{ object: 'error', type: 'BadRequestError', message: 'm', code: 400 }, '400', 'm'],
  ])('is found in %j', (body, code, message) => {
    expect(parseUpstreamError(JSON.stringify(body))).toEqual({ present: true, code, message })
  })

  it.each([
    '{"error":null,"choices":[]}',
    '{"error":false,"choices":[]}',
    '{"error":"","choices":[]}',
    '{"choices":[{"message":{"content":"\\"error\\""}}]}',
    '{"choices":[{"error":{"code":"c"}}]}',
    '{"error":{"code":"c"',
    '"error"',
    '["error"]',
    'null',
    '',
    undefined,
  ])('is not found in %j', (text) => {
    expect(parseUpstreamError(text)).toEqual(NONE)
  })

  it('never throws, and its code is always safe to show', () => {
    fc.assert(
      fc.property(fc.record({ error: fc.anything() }), (body) => {
        expect(parseUpstreamError(JSON.stringify(body) ?? '').code).toMatch(/^[\w.-]{0,64}$/)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => void parseUpstreamError(`"error"${text}`)))
  })
})
