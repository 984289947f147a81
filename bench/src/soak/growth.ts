import { medianOf } from '../statistics.ts'

/** One measured value. */
export interface Point {
  readonly atS: number
  readonly value: number
}

/** How values went over time. */
export interface Growth {
  /** Median of the first third. */
  readonly first: number
  /** Median of the last third. */
  readonly last: number
  /** Slope of the straight line that fits best, per minute. */
  readonly perMinute: number
}

/** Compares the last third with the first, and fits a line through all.
 * @param points - At least three, in the order of time.
 * @throws RangeError when there are fewer. */
export function measureGrowth(points: readonly Point[]): Growth {
  const third = Math.floor(points.length / 3)
  if (third === 0) throw new RangeError(`Growth needs at least three points; got ${points.length}.`)
  return {
    first: medianOf(points.slice(0, third).map(({ value }) => value)),
    last: medianOf(points.slice(-third).map(({ value }) => value)),
    perMinute: 60 * slopeOf(points),
  }
}

function slopeOf(points: readonly Point[]): number {
  const meanS = mean(points.map(({ atS }) => atS))
  const meanValue = mean(points.map(({ value }) => value))
  const covariance = mean(points.map(({ atS, value }) => (atS - meanS) * (value - meanValue)))
  const variance = mean(points.map(({ atS }) => (atS - meanS) ** 2))
  return variance === 0 ? 0 : covariance / variance
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
