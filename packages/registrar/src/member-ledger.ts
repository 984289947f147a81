import { GonkaClientError, type GonkaParticipant } from '@gonka/protocol'
import type { MemberPool, UpstreamSource } from '@multiplexer/core/router'
import { diffMember, type MemberDefaults, modelsOf, type Registration, toMemberOptions } from './describe-member.ts'

/** What a ledger needs to put members into its pool. */
export interface LedgerPorts {
  readonly pool: MemberPool
  readonly createClient: (participant: GonkaParticipant) => UpstreamSource
  readonly defaults: MemberDefaults
}

/** What some pools show beside what every pool can do. */
interface ShowsGroups {
  getStats(): { readonly members?: Readonly<Record<string, { readonly group?: string }>> } | undefined
}

/** What `put` had to do. */
export type PutOutcome = 'added' | 'updated' | 'unchanged'

/** The members that a registrar has put into one pool. It touches no others. */
export class MemberLedger {
  readonly #ports: LedgerPorts
  readonly #registrations = new Map<string, Registration>()

  constructor(ports: LedgerPorts) {
    this.#ports = ports
  }

  /** What was last put under that name; also when somebody has taken the member out of the pool since. */
  find(name: string): Registration | undefined {
    return this.#registrations.get(name)
  }

  /** True when a member that we put there is in the pool. */
  holds(name: string): boolean {
    return this.#registrations.has(name) && this.#ports.pool.hasModel(name)
  }

  /** Names of the members we put there, of one epoch or all. */
  names(epochId?: number): string[] {
    const entries = [...this.#registrations]
    return entries.filter(([, { epochId: own }]) => epochId === undefined || own === epochId).map(([name]) => name)
  }

  /** Forgets members that somebody took out of the pool to put one of their own in their place. A pool can only be asked for
   * names; one that shows its members' groups, as `Router` does, tells whose a name is. */
  forgetStrangers(): void {
    const { pool, defaults } = this.#ports
    const members = (pool as Partial<ShowsGroups>).getStats?.()?.members
    for (const name of this.#registrations.keys()) {
      const group = members?.[name]?.group
      if (group !== undefined && group !== defaults.group) this.#registrations.delete(name)
    }
  }

  /** Puts a member into the pool, or brings the one that is there up to date in place.
   * @throws {GonkaClientError} `client-invalid` when the name belongs to somebody else's member.
   * @throws What the client factory or the pool throws. The pool is then as it was. */
  put(name: string, registration: Registration): PutOutcome {
    const before = this.#registrations.get(name)
    if (before && this.#ports.pool.hasModel(name)) return this.#update(name, { before, after: registration })
    this.#add(name, registration)
    return 'added'
  }

  /** Takes a member out of the pool; requests in flight finish.
   * @returns Whether it was there. */
  remove(name: string): boolean {
    this.#registrations.delete(name)
    return this.#ports.pool.removeModel(name)
  }

  #add(name: string, registration: Registration): void {
    const { pool, createClient, defaults } = this.#ports
    const { participant } = registration
    if (pool.hasModel(name)) {
      throw new GonkaClientError('client-invalid', `The pool has another member named ${name}; use another prefix.`, {
        participantAddress: participant.address,
        field: 'modelNamePrefix',
      })
    }
    pool.addModel(createClient(participant), toMemberOptions(name, registration, defaults))
    this.#registrations.set(name, registration)
  }

  #update(name: string, { before, after }: { before: Registration; after: Registration }): PutOutcome {
    const { pool, createClient } = this.#ports
    // Counted to the new epoch even when the rest fails: it is in the set, and stays in use as it was.
    this.#registrations.set(name, { ...before, epochId: after.epochId })
    const moved = before.participant.baseUrl !== after.participant.baseUrl
    const changes = diffMember(before, after)
    // A model that a participant did not have may be there in the next epoch: said again, the pool asks for it again.
    const renewed = before.epochId === after.epochId ? undefined : { models: modelsOf(after.participant) }
    if (changes || moved || renewed) {
      pool.updateModel(name, { ...renewed, ...changes, ...(moved ? { source: createClient(after.participant) } : {}) })
    }
    this.#registrations.set(name, after)
    return changes || moved ? 'updated' : 'unchanged'
  }
}
