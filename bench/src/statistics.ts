/** The middle of `values`, or the mean of the two in the middle.
 * @param values - At least one number, in any order.
 * @throws RangeError when there is none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (upper === undefined || lower === undefined) throw new RangeError('The median of no values was asked for.')
  return (lower + upper) / 2
}
