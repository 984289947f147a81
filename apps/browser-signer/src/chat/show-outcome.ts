import type { Attempt, MemberStats, Multiplexer } from '@multiplexer/core'
import { type Cell, showRows } from '../page/create-element.ts'
import { findElement } from '../page/find-element.ts'

/** Shows who was tried for a message, and what came of it. */
export function showAttempts(attempts: readonly Attempt[]): void {
  const rows = attempts.map(({ member, verdict, status, ms }): Cell[] => {
    const kind = [verdict.kind, verdict.kind === 'ok' ? 'good' : 'bad'] as const
    return [shortName(member), kind, String(status ?? '–'), formatMs(ms), verdict.reason ?? '']
  })
  showRows(findElement('attempts', HTMLElement), rows.length > 0 ? rows : [['Nobody was tried.']])
  const isSilent = attempts.some(({ status, verdict }) => status === undefined && verdict.kind === 'unavailable')
  findElement('cors-hint', HTMLElement).hidden = !isSilent
}

/** Shows what the members have done so far. */
export function showStats(mux: Multiplexer): void {
  const { members, failovers, outcomes } = mux.getStats()
  const rows = Object.entries(members).map(([name, member]): Cell[] => {
    const { weight, attempts, verdicts, firstContentMs } = member
    const counts = [weight, attempts, verdicts.ok ?? 0].map(String)
    return [shortName(name), ...counts, formatMs(firstContentMs.p50), describeState(member)]
  })
  showRows(findElement('stats', HTMLElement), rows)
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`)
  findElement('totals', HTMLElement).textContent = `Messages: ${counts.join(', ') || 'none'}. Failovers: ${failovers}.`
}

function describeState({ breaker, suspended }: MemberStats): Cell {
  if (suspended !== undefined) return ['suspended', 'bad']
  return breaker === 'closed' ? ['in use', 'good'] : ['resting', 'bad']
}

/** Members are named `gonka:broker:<host>`; here all are brokers. */
export function shortName(member: string): string {
  return member.replace(/^gonka:broker:/, '')
}

function formatMs(ms: number | undefined): string {
  return ms === undefined ? '–' : `${Math.round(ms)} ms`
}
