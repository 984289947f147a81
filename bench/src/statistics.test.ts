import { describe, expect, it } from 'vitest'
import { medianOf } from './statistics.ts'

describe('the median', () => {
  it.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 100], 3.5],
  ])('of %j is %d', (values, median) => {
    expect(medianOf(values)).toBe(median)
  })

  it('of nothing is an error', () => {
    expect(() => medianOf([])).toThrow(RangeError)
  })
})
