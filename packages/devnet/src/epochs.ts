/** A participant as an epoch froze it. */
export interface EpochMember {
  readonly index: number
  readonly address: string
  readonly validatorKey: Uint8Array
  readonly weight: number
  readonly inferenceUrl: string
  readonly models: readonly string[]
}

/** A participant left out of an epoch after it began. */
interface Exclusion {
  readonly address: string
  readonly reason: string
  readonly blockHeight: number
}

/** One epoch's record on the chain. */
export interface Epoch {
  readonly epochId: number
  readonly pocStartBlockHeight: number
  readonly createdAtBlockHeight: number
  readonly effectiveBlockHeight: number
  readonly members: readonly EpochMember[]
  readonly excluded: Exclusion[]
}

/** The chain's epochs: the one in force and those before it. */
export class Epochs {
  readonly #byId = new Map<number, Epoch>()
  #current: Epoch

  constructor(first: Epoch) {
    this.#current = first
    this.#byId.set(first.epochId, first)
  }

  get current(): Epoch {
    return this.#current
  }

  /** All epochs, the oldest first. */
  get all(): readonly Epoch[] {
    return [...this.#byId.values()].sort((a, b) => a.epochId - b.epochId)
  }

  find(epochId: number): Epoch | undefined {
    return this.#byId.get(epochId)
  }

  turn(next: Epoch): void {
    this.#byId.set(next.epochId, next)
    this.#current = next
  }

  /** The member with this node index in the epoch in force. */
  member(index: number): EpochMember | undefined {
    return this.#current.members.find((member) => member.index === index)
  }
}

/** Heights of an epoch whose set takes effect at `effectiveBlockHeight`.
 * @see Protocol reference, section 3.5: effective = created + 2 */
export function createEpoch(epochId: number, effectiveBlockHeight: number, members: readonly EpochMember[]): Epoch {
  const createdAtBlockHeight = effectiveBlockHeight - 2
  return {
    epochId,
    pocStartBlockHeight: Math.max(1, createdAtBlockHeight - 10),
    createdAtBlockHeight,
    effectiveBlockHeight,
    members,
    excluded: [],
  }
}
