import { expect, it } from 'vitest'
import { parseRetryOptions } from './retry-options.ts'

const random = () => 0

it('has the documented defaults', () => {
  expect(parseRetryOptions({}, random)).toMatchObject({
    maxAttempts: Number.POSITIVE_INFINITY,
    sameMember: 2,
    backoffMs: 500,
    maxBackoffMs: 8_000,
    maxRetryAfterMs: 60_000,
    random,
  })
})

it('takes zero for all but the number of attempts', () => {
  const none = { sameMember: 0, backoffMs: 0, maxBackoffMs: 0, maxRetryAfterMs: 0 }
  expect(parseRetryOptions(none, random)).toMatchObject(none)
  expect(() => parseRetryOptions({ maxAttempts: 0 }, random)).toThrow('retry.maxAttempts must be')
})

it.each(['maxAttempts', 'sameMember', 'backoffMs', 'maxBackoffMs', 'maxRetryAfterMs'])(
  'names %s when it is negative or no number',
  (name) => {
    for (const value of [-1, Number.NaN]) {
      expect(() => parseRetryOptions({ [name]: value }, random)).toThrow(RangeError)
      expect(() => parseRetryOptions({ [name]: value }, random)).toThrow(`retry.${name} must be`)
    }
  },
)
