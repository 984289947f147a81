import { describe, expect, it } from 'vitest'
import { parseHealthOptions } from './health-options.ts'

const random = () => 0

describe('health settings', () => {
  it('have the documented defaults', () => {
    expect(parseHealthOptions({}, random)).toEqual({
      failureThreshold: 3,
      cooldownMs: 2_000,
      maxCooldownMs: 300_000,
      jitter: 0.2,
      unauthorizedCooldownMs: 600_000,
      modelMissingMs: 600_000,
      suspendedMs: 600_000,
      random,
    })
  })

  it('may be zero', () => {
    expect(parseHealthOptions({ cooldownMs: 0, jitter: 0 }, random)).toMatchObject({ cooldownMs: 0, jitter: 0 })
  })

  it.each([
    'failureThreshold',
    'cooldownMs',
    'maxCooldownMs',
    'jitter',
    'unauthorizedCooldownMs',
    'modelMissingMs',
    'suspendedMs',
  ])('name %s when it is negative or not a number', (name) => {
    for (const value of [-1, Number.NaN]) {
      expect(() => parseHealthOptions({ [name]: value }, random)).toThrow(RangeError)
      expect(() => parseHealthOptions({ [name]: value }, random)).toThrow(`health.${name} must be`)
    }
  })

  it('refuse a jitter of more than the whole pause', () => {
    expect(() => parseHealthOptions({ jitter: 20 }, random)).toThrow(
      'health.jitter must be a number from 0 to 1; got 20.',
    )
  })
})
