import type { BreakerPhase } from './pool/breaker.ts'
import type { Latency } from './pool/latency.ts'
import type { Member } from './pool/member.ts'
import type { Pool } from './pool/pool.ts'
import type { VerdictKind } from './verdict.ts'

/** Percentiles of a duration in milliseconds; undefined before the first measurement. */
export interface Percentiles {
  /** Half were faster. */
  readonly p50: number | undefined
  /** All but one in twenty were faster. */
  readonly p95: number | undefined
}

/** What one member has done and how it stands. */
export interface MemberStats {
  /** Selection weight. */
  readonly weight: number
  /** Tier; lower is used first. */
  readonly tier: number
  /** Group it shares its fate with. */
  readonly group: string
  /** Attempts sent to it so far. */
  readonly attempts: number
  /** Attempts by verdict; a kind that never happened is absent. */
  readonly verdicts: Readonly<Partial<Record<VerdictKind, number>>>
  /** Requests and streams that hold one of its slots now. */
  readonly inFlight: number
  /** Its complete answers' time to first content, of the latest 256; for answers that are not streamed, the whole time. */
  readonly firstContentMs: Percentiles
  /** Its complete answers' time to the end, of the latest 256. */
  readonly latencyMs: Percentiles
  /** State of its circuit breaker. */
  readonly breaker: BreakerPhase
  /** Why its whole group is out at the moment; undefined when it is not. */
  readonly suspended: string | undefined
}

/** A snapshot of a router. */
export interface RouterStats {
  /** Calls that ended, by outcome: `ok`, `refused`, `cancelled`, or an error's code. */
  readonly outcomes: Readonly<Record<string, number>>
  /** Times a call left a member that failed it. */
  readonly failovers: number
  /** Calls in flight, waiting ones and running streams included. */
  readonly inFlight: number
  /** Calls waiting in line for a member. */
  readonly waiting: number
  /** Every member, by name. */
  readonly members: Readonly<Record<string, MemberStats>>
}

/** Takes the members' part of the snapshot. */
export function snapshotMembers(pool: Pool, nowMs: number): Record<string, MemberStats> {
  return Object.fromEntries(pool.members.map((member) => [member.name, snapshotMember(member, pool, nowMs)]))
}

function snapshotMember(member: Member, pool: Pool, nowMs: number): MemberStats {
  const { weight, tier, group } = member.settings
  return {
    weight,
    tier,
    group,
    attempts: member.attempts,
    verdicts: { ...member.verdicts },
    inFlight: member.inFlight,
    firstContentMs: percentilesOf(member.firstContent),
    latencyMs: percentilesOf(member.total),
    breaker: member.phase(nowMs),
    suspended: pool.suspensionOf(member, nowMs),
  }
}

function percentilesOf(latency: Latency): Percentiles {
  return { p50: latency.percentileMs(0.5), p95: latency.percentileMs(0.95) }
}
