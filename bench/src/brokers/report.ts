import { type BrokersResult, UPTIMES } from './simulate-brokers.ts'

/** The numbers of one simulation, in short. Times in milliseconds. */
export interface BrokersSummary {
  readonly calls: number
  readonly answered: number
  readonly failedAttempts: number
  /** Time in failed attempts, per call: mean, 99th percentile, the worst, and as a share of all calls' time. */
  readonly lostMeanMs: number
  readonly lostP99Ms: number
  readonly lostWorstMs: number
  readonly lostShare: number
}

/** Sums a simulation up. */
export function summarise({ calls, answered, failedAttempts, lostMs, totalMs }: BrokersResult): BrokersSummary {
  const lost = lostMs.reduce((sum, ms) => sum + ms, 0)
  return {
    calls,
    answered,
    failedAttempts,
    lostMeanMs: lost / calls,
    lostP99Ms: lostMs[Math.ceil(0.99 * lostMs.length) - 1] ?? 0,
    lostWorstMs: lostMs.at(-1) ?? 0,
    lostShare: lost / totalMs,
  }
}

const COLUMNS = ['while down', 'answered', 'failed attempts', 'lost per call', 'p99', 'worst', 'of all time']

/** The simulations as one table. */
export function formatBrokers(summaries: Readonly<Record<string, BrokersSummary>>): string {
  const rows = Object.entries(summaries).map(([kind, summary]) => [
    kind,
    `${summary.answered.toLocaleString('en')} of ${summary.calls.toLocaleString('en')}`,
    summary.failedAttempts.toLocaleString('en'),
    ...[summary.lostMeanMs, summary.lostP99Ms, summary.lostWorstMs].map((ms) => `${(ms / 1_000).toFixed(2)} s`),
    `${(100 * summary.lostShare).toFixed(1)} %`,
  ])
  const table = [COLUMNS, ...rows]
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
  const uptimes = UPTIMES.map((uptime) => (100 * uptime).toFixed(1)).join(', ')
  return [`five brokers, up ${uptimes} % of the time`, ...lines].join('\n')
}
