import type { BreakerPhase } from './pool/breaker.ts'
import type { Pool } from './pool/pool.ts'
import type { VerdictKind } from './verdict.ts'

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
  return Object.fromEntries(
    pool.members.map((member) => {
      const { weight, tier, group } = member.settings
      const { attempts, inFlight } = member
      const breaker = member.phase(nowMs)
      const suspended = pool.suspensionOf(member, nowMs)
      return [
        member.name,
        { weight, tier, group, attempts, verdicts: { ...member.verdicts }, inFlight, breaker, suspended },
      ]
    }),
  )
}
