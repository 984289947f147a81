import type { Report } from './discover-and-spread.ts'

/** Writes the report as the table that a person reads. */
export function formatReport(report: Report): string {
  const { epochId, participants, rejected, calls, lost, errors } = report
  const header = ['participant', 'host', 'weight', 'answers', 'models']
  const rows = participants.map(({ address, host, weightShare, answerShare, models }) => [
    address,
    host,
    formatShare(weightShare),
    formatShare(answerShare),
    models.join(', ') || 'any',
  ])
  const leftOut = rejected.map(({ reason }) => reason)
  return [
    `epoch ${epochId}, ${formatTrust(report)}`,
    '',
    formatTable([header, ...rows]),
    '',
    ...(leftOut.length > 0 ? [`left out ${leftOut.length}: ${leftOut.join(', ')}`] : []),
    `lost ${lost} of ${calls}`,
    ...errors,
  ].join('\n')
}

function formatTrust({ trust, provenBy }: Report): string {
  if (trust === 'configured') return 'all configured by hand'
  if (!provenBy) return 'not proven: this is what a node said (see --verify)'
  return `proven by the header of height ${provenBy.height} (trust: ${trust})`
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}
