import type { EpochChange, Report } from './watch-epochs.ts'

/** Writes one new epoch as a line. */
export function formatChange({ oldEpoch, newEpoch, joined, left, stayed }: EpochChange): string {
  const list = (addresses: readonly string[]): string =>
    addresses.map((address) => `${address.slice(0, 12)}…`).join(' ')
  return [
    `epoch ${oldEpoch} -> ${newEpoch}: ${stayed.length} stayed`,
    ...(joined.length > 0 ? [`joined ${list(joined)}`] : []),
    ...(left.length > 0 ? [`left ${list(left)}`] : []),
  ].join(', ')
}

/** Writes what was seen until the end. */
export function formatReport({ firstEpoch, changes, calls, lost, errors, lastRefresh }: Report): string {
  const lastEpoch = changes.at(-1)?.newEpoch ?? firstEpoch
  const refresh = lastRefresh?.success ? 'succeeded' : (lastRefresh?.error?.message ?? 'took too long')
  return [
    `epochs        ${firstEpoch} to ${lastEpoch}`,
    `last refresh  ${refresh}`,
    `lost ${lost} of ${calls}`,
    ...errors,
  ].join('\n')
}
