import type { DoctorCheck, DoctorRow, DoctorStatus } from './types.ts'

/** What a row says beside its check and status. */
export interface RowTexts {
  readonly detail: string
  readonly next?: string | undefined
  readonly subject?: string | undefined
}

/** The row of a check that found what it should. */
export function passed(check: DoctorCheck, texts: RowTexts): DoctorRow {
  return createRow(check, 'ok', texts)
}

/** The row of a check that found something worth knowing. */
export function warned(check: DoctorCheck, texts: RowTexts): DoctorRow {
  return createRow(check, 'warn', texts)
}

/** The row of a check that found something broken; it always says what to do. */
export function failed(check: DoctorCheck, texts: RowTexts & { readonly next: string }): DoctorRow {
  return createRow(check, 'fail', texts)
}

/** The row of a check that had nothing to look at. */
export function skipped(check: DoctorCheck, texts: RowTexts): DoctorRow {
  return createRow(check, 'skipped', texts)
}

const MAX_LENGTH = 1_000

function createRow(check: DoctorCheck, status: DoctorStatus, { detail, next, subject }: RowTexts): DoctorRow {
  return {
    check,
    ...(subject === undefined ? {} : { subject: clean(subject) }),
    status,
    detail: clean(detail),
    ...(next === undefined ? {} : { next: clean(next) }),
  }
}

/** Models, versions and refusals are texts of strangers, and a terminal obeys control characters. */
function clean(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown
}
