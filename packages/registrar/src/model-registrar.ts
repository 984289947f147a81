import { GonkaClientError, GonkaError, type GonkaParticipant, type ParticipantSet } from '@gonka/protocol'
import type { Classify, MemberPool, UpstreamSource } from '@multiplexer/core/router'
import { checkMaxConcurrent, checkPrefix, checkWeightOverride } from './check-options.ts'
import { classifyAttempt } from './classify-attempt.ts'
import type { MemberDefaults, MemberTerms, Registration } from './describe-member.ts'
import { MemberLedger } from './member-ledger.ts'
import { reconcileMembers } from './reconcile-members.ts'
import type {
  ParticipantClientFactory,
  ReconcileResult,
  RegisterOneOptions,
  RegisterOptions,
  RegistrarLogger,
} from './types.ts'

/** Settings of a `ModelRegistrar`. */
export interface ModelRegistrarOptions {
  /** Goes before the address in the members' names; not empty. @default 'gonka:' */
  readonly modelNamePrefix?: string | undefined
  /** Most requests in flight at once per member, >= 1. @default unlimited */
  readonly defaultMaxConcurrent?: number | undefined
  /** Group of all members: what suspends one (an empty balance, a retired network) suspends all. @default the prefix */
  readonly group?: string | undefined
  /** Verdict rows of all members. @default classifyAttempt */
  readonly classify?: Classify | undefined
  /** Told of participants that are skipped. @default nobody */
  readonly logger?: RegistrarLogger | undefined
}

/** Keeps members of a multiplexer in step with participants of the Gonka network. It changes and removes only members that it
 * added itself, and may serve several pools.
 * @example
 * const registrar = new ModelRegistrar(createSigningClientFactory({ signer }))
 * registrar.registerAll(mux, participants)
 * registrar.reconcile(mux, nextSet) */
export class ModelRegistrar {
  /** Makes the upstreams. */
  readonly clientFactory: ParticipantClientFactory
  /** Goes before the address in the members' names. */
  readonly modelNamePrefix: string
  /** Most requests in flight at once per member; undefined is no limit. */
  readonly defaultMaxConcurrent: number | undefined

  readonly #defaults: MemberDefaults
  readonly #logger: RegistrarLogger | undefined
  readonly #ledgers = new Map<MemberPool, MemberLedger>()

  /** @param clientFactory - Makes the upstream of each participant.
   * @throws {GonkaConfigError} `config-invalid` with field `modelNamePrefix` or `defaultMaxConcurrent`. */
  constructor(clientFactory: ParticipantClientFactory, options: ModelRegistrarOptions = {}) {
    const { modelNamePrefix = 'gonka:', classify = classifyAttempt } = options
    this.clientFactory = clientFactory
    this.modelNamePrefix = checkPrefix(modelNamePrefix)
    this.defaultMaxConcurrent = checkMaxConcurrent('defaultMaxConcurrent', options.defaultMaxConcurrent)
    this.#defaults = { group: options.group ?? modelNamePrefix, classify }
    this.#logger = options.logger
  }

  /** Registers participants that are not registered yet. One that cannot be registered is logged and skipped.
   * @returns How many were added. */
  registerAll(pool: MemberPool, participants: readonly GonkaParticipant[], options: RegisterOptions = {}): number {
    const added = participants.filter((participant) => {
      try {
        return this.registerOne(pool, participant, options)
      } catch (error) {
        this.#warn(this.#nameOf(participant), error)
        return false
      }
    })
    return added.length
  }

  /** Registers one participant.
   * @returns False when it is registered already, or another member has its name.
   * @throws {GonkaClientError} `client-invalid` when its client cannot be made.
   * @throws {GonkaConfigError} `config-invalid` with field `weightOverride` or `maxConcurrent`.
   * @throws What the pool throws when it refuses the member. */
  registerOne(pool: MemberPool, participant: GonkaParticipant, options: RegisterOneOptions = {}): boolean {
    const name = this.#nameOf(participant)
    const terms: MemberTerms = {
      asFallback: options.asFallback ?? false,
      weightOverride: checkWeightOverride(options.weightOverride),
      maxConcurrent: checkMaxConcurrent('maxConcurrent', options.maxConcurrent) ?? this.defaultMaxConcurrent,
    }
    if (pool.hasModel(name)) return false
    this.#use(pool, (ledger) => ledger.put(name, { participant, epochId: participant.epochId, terms }))
    return true
  }

  /** Removes members; requests in flight finish.
   * @param epochId - Only those whose last set was of this epoch. @default all
   * @returns How many were removed. */
  unregisterAll(pool: MemberPool, epochId?: number): number {
    return this.#use(pool, (ledger) => {
      ledger.forgetStrangers()
      return ledger.names(epochId).filter((name) => ledger.remove(name)).length
    })
  }

  /** Lists the names of registered members, over all pools.
   * @param epochId - Only members of this epoch. @default all */
  getRegisteredModels(epochId?: number): Set<string> {
    return new Set([...this.#ledgers.values()].flatMap((ledger) => ledger.names(epochId)))
  }

  /** Makes the pool's Gonka members those of `set`: adds first, then updates in place, then removes. A participant that stays
   * keeps its statistics, breaker, connections and overrides, and is counted to the new epoch. One that cannot be registered
   * is logged, counted and tried again next time.
   * @param options.asFallback - Tier of all members. @default as they are; tier 0 for new ones
   * @throws {GonkaClientError} `client-invalid` when not one participant of a non-empty set could be registered; the members
   * from before stay. */
  reconcile(pool: MemberPool, set: ParticipantSet, options: RegisterOptions = {}): ReconcileResult {
    return this.#use(pool, (ledger) => {
      ledger.forgetStrangers()
      const wanted = new Map<string, Registration>()
      for (const participant of set.participants) {
        const name = this.#nameOf(participant)
        const terms = this.#termsOf(ledger.find(name)?.terms, options)
        if (!wanted.has(name)) wanted.set(name, { participant, epochId: set.epochId, terms })
      }
      return reconcileMembers(ledger, wanted, (name, error) => this.#warn(name, error))
    })
  }

  /** Binds `reconcile` to one pool, as `RefreshManager` of `@gonka/refresh` takes it.
   * @param options - See `reconcile`.
   * @example const manager = new RefreshManager({ source: discovery, sink: registrar.sinkFor(mux) }) */
  sinkFor(pool: MemberPool, options: RegisterOptions = {}): { reconcile(set: ParticipantSet): ReconcileResult } {
    return { reconcile: (set) => this.reconcile(pool, set, options) }
  }

  #nameOf({ address }: GonkaParticipant): string {
    return `${this.modelNamePrefix}${address}`
  }

  /** Overrides stay with a participant that stays. */
  #termsOf(present: MemberTerms | undefined, { asFallback }: RegisterOptions): MemberTerms {
    return {
      asFallback: asFallback ?? present?.asFallback ?? false,
      weightOverride: present?.weightOverride,
      maxConcurrent: present ? present.maxConcurrent : this.defaultMaxConcurrent,
    }
  }

  /** Works on the pool's ledger; a pool without members of ours is not kept. */
  #use<T>(pool: MemberPool, work: (ledger: MemberLedger) => T): T {
    const ledger = this.#ledgers.get(pool) ?? this.#createLedger(pool)
    this.#ledgers.set(pool, ledger)
    try {
      return work(ledger)
    } finally {
      if (ledger.names().length === 0) this.#ledgers.delete(pool)
    }
  }

  #createLedger(pool: MemberPool): MemberLedger {
    const createClient = (participant: GonkaParticipant): UpstreamSource =>
      createClientOf(this.clientFactory, participant)
    return new MemberLedger({ pool, createClient, defaults: this.#defaults })
  }

  #warn(modelName: string, error: unknown): void {
    const write = async (): Promise<void> =>
      this.#logger?.warn('participant skipped', { modelName, reason: reasonOf(error) })
    // A logger that fails must not keep the others out of the pool.
    write().catch(() => undefined)
  }
}

function createClientOf(factory: ParticipantClientFactory, participant: GonkaParticipant): UpstreamSource {
  try {
    return factory.createClient(participant)
  } catch (cause) {
    const { address } = participant
    throw new GonkaClientError('client-invalid', `No client could be made for ${address}: ${reasonOf(cause)}`, {
      participantAddress: address,
      cause,
    })
  }
}

/** Only messages of our own errors are repeated: others may hold anything. */
function reasonOf(error: unknown): string {
  if (error instanceof GonkaError) return error.message
  return error instanceof Error ? error.name : `a thrown ${typeof error}`
}
