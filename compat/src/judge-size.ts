import type { Size } from './measure-sizes.ts'

/** Share of the budget below which it says nothing any more. */
const TIGHT = 0.75

/** Bundles smaller than this are not worth a tight budget, in bytes. */
const TINY_BYTES = 1_000

/** Says what is wrong with a size.
 * @returns Empty when nothing is wrong. */
export function judgeSize({ name, kind, measured, budget, problem }: Size): string {
  const is = `${name}: ${kind} is ${formatSize(kind, measured)}`
  if (problem !== '') return `${name}: ${problem}`
  if (measured > budget) return `${is}, over its budget of ${formatSize(kind, budget)}`
  const tight = kind === 'packages' ? measured === budget : measured >= budget * TIGHT || budget <= TINY_BYTES
  return tight ? '' : `${is}, far below its budget of ${formatSize(kind, budget)}: lower the budget`
}

/** Writes a size for people: `24.3 kB`, `3.30 MB`, `6`. */
export function formatSize(kind: Size['kind'], size: number): string {
  if (kind === 'packages') return String(size)
  return kind === 'gzip' ? `${(size / 1_000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(2)} MB`
}
