/** What one participant did during the demo. */
export interface ParticipantReport {
  readonly address: string
  /** What happened to it: `killed`, `left`, `joined`, or nothing. */
  readonly fate: string
  /** Its share of the weights in each epoch, 0 to 1; undefined when it was not in it. */
  readonly weightShare: readonly (number | undefined)[]
  /** Its share of the answers, 0 to 1. */
  readonly requestShare: number
  readonly successes: number
  /** Attempts at it that failed and went on elsewhere. */
  readonly failovers: number
}

/** What the whole demo did. */
export interface DemoReport {
  readonly requests: number
  readonly streamed: number
  readonly lost: number
  readonly failovers: number
  readonly epochs: readonly number[]
  readonly durationMs: number
  readonly participants: readonly ParticipantReport[]
}

/** Writes the report as the table that a person reads. */
export function formatReport(report: DemoReport): string {
  const header = ['participant', 'weight', 'requests', '', 'ok', 'failovers', '']
  const rows = report.participants.map((one) => [
    `${one.address.slice(0, 12)}…${one.address.slice(-4)}`,
    one.weightShare.map(formatShare).join(' → '),
    formatShare(one.requestShare),
    '█'.repeat(Math.round(one.requestShare * BAR_WIDTH)),
    String(one.successes),
    String(one.failovers),
    one.fate,
  ])
  return `${formatTable([header, ...rows])}\n\nlost ${report.lost} of ${report.requests}\n`
}

const BAR_WIDTH = 40

function formatShare(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(share * 100)} %`
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return lines.map((line) => line.trimEnd()).join('\n')
}
