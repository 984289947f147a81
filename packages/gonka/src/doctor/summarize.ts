import { countOf } from './count-of.ts'
import type { DoctorRow, DoctorStatus } from './types.ts'

/** What must not have failed for a signed request to be answered. */
const NEEDED_TO_SIGN: ReadonlySet<string> = new Set([
  'key',
  'address',
  'account',
  'balance',
  'public-key',
  'developers',
  'transfer-agents',
  'protocol',
])

/** Says in one line how the checks came out and who can answer requests.
 * @param isAccepted - Whether `registerGonkaModels` takes the settings: otherwise nobody is registered at all. */
export function summarize(rows: readonly DoctorRow[], isAccepted: boolean): string {
  const count = (wanted: DoctorStatus): number => rows.filter(({ status }) => status === wanted).length
  const counts = `${countOf(rows.length, 'check')}: ${count('ok')} ok, ${countOf(count('warn'), 'warning')}, ${count('fail')} failed, ${count('skipped')} skipped.`
  const working = (check: string): number => rows.filter((row) => row.check === check && row.status === 'ok').length
  const canSign = !rows.some(({ check, status }) => status === 'fail' && NEEDED_TO_SIGN.has(check))
  const ways = [
    [canSign ? working('participant') : 0, 'participant'],
    [working('broker'), 'broker'],
  ] as const
  const open =
    !isAccepted || isLiedTo(rows)
      ? []
      : ways.filter(([number]) => number > 0).map(([number, name]) => countOf(number, name))
  if (open.length > 0) return `${counts} Requests can be answered by ${open.join(' and ')}.`
  return `${counts} No request can be answered yet; begin with the first check that failed.`
}

/** Whether lists must be proven and none is: nobody stands in for a lie, so that not even brokers are registered. */
function isLiedTo(rows: readonly DoctorRow[]): boolean {
  const proofs = rows.filter(({ check }) => check === 'proof').map(({ status }) => status)
  return proofs.includes('fail') && !proofs.includes('ok')
}
