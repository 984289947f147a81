import { expect, it } from 'vitest'
import { parseTimeouts } from './timeouts.ts'

it('has the documented defaults', () => {
  const defaults = { headersMs: 60_000, firstContentMs: 120_000, idleMs: 60_000, answerMs: 600_000 }
  expect(parseTimeouts({})).toEqual(defaults)
  expect(parseTimeouts({ idleMs: undefined, answerMs: Number.POSITIVE_INFINITY })).toEqual({
    ...defaults,
    answerMs: Number.POSITIVE_INFINITY,
  })
})

it.each(['headersMs', 'firstContentMs', 'idleMs', 'answerMs'])('names %s when it is no positive number', (name) => {
  for (const value of [0, -1, Number.NaN]) {
    expect(() => parseTimeouts({ [name]: value })).toThrow(`timeouts.${name} must be a number > 0; got ${value}.`)
  }
})
