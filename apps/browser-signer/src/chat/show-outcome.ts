import type { Attempt, Multiplexer } from '@multiplexer/core'
import { createRow } from '../page/create-element.ts'
import { findElement } from '../page/find-element.ts'

/** Shows who was tried for a message, and what came of it. */
export function showAttempts(attempts: readonly Attempt[]): void {
  const rows = attempts.map(({ member, verdict, status, ms }) => {
    const kind = [verdict.kind, verdict.kind === 'ok' ? 'good' : 'bad'] as const
    return createRow([shortName(member), kind, String(status ?? '–'), formatMs(ms), verdict.reason ?? ''])
  })
  findElement('attempts', HTMLElement).replaceChildren(...(rows.length > 0 ? rows : [createRow(['Nobody was tried.'])]))
  const isSilent = attempts.some(({ status, verdict }) => status === undefined && verdict.kind === 'unavailable')
  findElement('cors-hint', HTMLElement).hidden = !isSilent
}

/** Shows what the members have done so far. */
export function showStats(mux: Multiplexer): void {
  const { members, failovers, outcomes } = mux.getStats()
  const rows = Object.entries(members).map(([name, member]) => {
    const { weight, attempts, verdicts, firstContentMs, breaker, suspended } = member
    const state =
      suspended === undefined && breaker === 'closed'
        ? (['in use', 'good'] as const)
        : ([suspended ?? 'resting', 'bad'] as const)
    return createRow([
      shortName(name),
      String(weight),
      String(attempts),
      String(verdicts.ok ?? 0),
      formatMs(firstContentMs.p50),
      state,
    ])
  })
  findElement('stats', HTMLElement).replaceChildren(...rows)
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`)
  findElement('totals', HTMLElement).textContent = `Messages: ${counts.join(', ') || 'none'}. Failovers: ${failovers}.`
}

/** Members are named `gonka:broker:<host>`; here all are brokers. */
export function shortName(member: string): string {
  return member.replace(/^gonka:broker:/, '')
}

function formatMs(ms: number | undefined): string {
  return ms === undefined ? '–' : `${Math.round(ms)} ms`
}
