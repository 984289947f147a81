import { type BoundCheck, checkBounds } from './check-bounds.ts'
import type { Progress, SoakResult } from './soak-result.ts'
import type { Complaint } from './traffic.ts'

/** One line of progress.
 * @param elapsedS - Seconds since the first call. */
export function formatProgress({ tally, status, inFlight, failovers }: Progress, elapsedS: number): string {
  const parts = [
    `${elapsedS.toFixed(0).padStart(4)} s`,
    `${formatCount(tally.answered / elapsedS)} calls/s`,
    `${inFlight} in flight`,
    `epoch ${status?.epochId ?? '-'}`,
    `${formatCount(countFaults(status?.faults ?? {}))} faults`,
    `${formatCount(failovers)} failovers`,
    `${tally.interrupted} interrupted`,
    `${tally.lost} lost`,
  ]
  return parts.join('  ')
}

/** The result as the table that a person reads. */
export function formatResult(result: SoakResult): string {
  const checks = checkBounds(result)
  const broken = checks.filter(({ holds }) => !holds)
  return [
    formatWork(result),
    formatChecks(checks),
    ...(result.complaints.length > 0 ? [result.complaints.map(formatComplaint).join('\n')] : []),
    ...(result.alarms.length > 0 ? [result.alarms.slice(0, 10).join('\n')] : []),
    broken.length === 0 ? 'every bound holds' : `broken: ${broken.map(({ name }) => name).join('; ')}`,
  ].join('\n\n')
}

function formatComplaint({ text, firstAtS, count }: Complaint): string {
  return `${formatCount(count)} x, first after ${firstAtS} s: ${text}`
}

function formatWork({ seed, durationS, inFlight, tally, record, stats, refreshes, heldUpMs }: SoakResult): string {
  const { status } = record
  const failovers = stats.reduce((sum, each) => sum + each.failovers, 0)
  const succeeded = refreshes.reduce((sum, each) => sum + each.succeeded, 0)
  const failed = refreshes.reduce((sum, each) => sum + each.failed, 0)
  const faults = Object.entries(status.faults).sort(([a], [b]) => a.localeCompare(b))
  return [
    `seed ${seed}, ${durationS} s, ${inFlight} calls in flight`,
    `${formatCount(tally.answered)} calls answered, ${formatCount(tally.left)} left by their readers, the longest took ${formatSeconds(tally.longestMs)}`,
    `${formatCount(status.requests)} requests at the nodes, ${formatCount(failovers)} failovers, epoch ${status.epochId} at the end, ${succeeded} refreshes, ${failed} failed`,
    `${formatCount(countFaults(status.faults))} faults: ${faults.map(([name, count]) => `${name} ${count}`).join(', ')}`,
    `${tally.interrupted} streams broke off under their readers, who asked again: the multiplexer that delivers streams as they come`,
    'cannot take back what it has delivered, and says so; the one that holds them until they are whole asks somebody else',
    `${formatCount(status.late.count)} requests came to participants that had left and were still on the client's list`,
    `this process was held up for ${formatSeconds(heldUpMs)} at most, the network's for ${formatSeconds(status.heldUpMs)}`,
  ].join('\n')
}

function formatChecks(checks: readonly BoundCheck[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  return checks
    .map(
      ({ name, measured, bound, holds }) =>
        `${holds ? 'ok    ' : 'BROKEN'}  ${name.padEnd(width)}  ${measured.padStart(22)}  (${bound})`,
    )
    .join('\n')
}

function countFaults(faults: Readonly<Record<string, number>>): number {
  return Object.values(faults).reduce((sum, count) => sum + count, 0)
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en')
}
