import { describe, expect, it } from 'vitest'
import { measureGrowth } from './growth.ts'

const every10s = (values: readonly number[]) => values.map((value, index) => ({ atS: 10 * index, value }))

describe('growth', () => {
  it('is the last third against the first, and the slope of the line through all', () => {
    const { first, last, perMinute } = measureGrowth(every10s([1, 2, 3, 4, 5, 6, 7, 8, 9]))
    expect([first, last]).toEqual([2, 8])
    expect(perMinute).toBeCloseTo(6)
  })

  it('is none where values go up and down', () => {
    const { first, last, perMinute } = measureGrowth(every10s([5, 9, 5, 9, 5, 9, 5, 9, 5, 9, 5, 9, 5]))
    expect([first, last]).toEqual([7, 7])
    expect(perMinute).toBeCloseTo(0)
  })

  it('needs three points', () => {
    expect(() => measureGrowth(every10s([1, 2]))).toThrow(RangeError)
  })

  it('has no slope when all was measured at once', () => {
    expect(measureGrowth([1, 2, 3].map((value) => ({ atS: 1, value }))).perMinute).toBe(0)
  })
})
