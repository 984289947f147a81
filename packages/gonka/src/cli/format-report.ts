import type { DoctorReport, DoctorRow } from '../doctor/types.ts'

/** A report as lines for people: one per check, the next step below it, the summary at the end. */
export function formatReport({ checks, summary }: DoctorReport): string {
  return `${checks.map(formatRow).join('\n')}\n\n${summary}\n`
}

function formatRow({ check, subject, status, detail, next }: DoctorRow): string {
  const about = subject === undefined ? '' : `${subject}: `
  const line = `${status.padEnd(8)}${check.padEnd(17)}${about}${detail}`
  return next === undefined ? line : `${line}\n${' '.repeat(8)}${'next'.padEnd(17)}${next}`
}
