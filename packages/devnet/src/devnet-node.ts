import { inspect } from 'node:util'
import { deriveAccountKeys, deriveBytes, deriveInteger, deriveValidatorKey } from './derive.ts'
import type { EpochMember } from './epochs.ts'
import { type FaultSpec, Faults } from './faults.ts'
import { LIES, type LieKind } from './liars/lie-kinds.ts'
import { createDistortion } from './liars/tell-lie.ts'
import { type Network, REPLAY_BLOCKS } from './network.ts'
import { NodeServer } from './node-server.ts'
import type { NodeState } from './node-state.ts'
import type { ParsedSpec } from './parse-options.ts'
import { ReplayMemory } from './replay-memory.ts'
import { type RecordedRequest, RequestLog } from './request-log.ts'
import type { Listing } from './types.ts'

const NEEDS_PAST: readonly LieKind[] = ['stale-epoch', 'wrong-epoch-key']

/** One participant: a server with keys. It keeps its index, keys and port for as long as the devnet lives. */
export interface DevnetNode {
  /** Position in `devnet.nodes`; never changes. */
  readonly index: number
  /** Account address, `gonka1…`: what requests to this node are signed for. */
  readonly address: string
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Weight in the current epoch; outside it, the latest one. */
  readonly weight: number
  /** Models it serves. */
  readonly models: readonly string[]
  /** Whether it is in the active set of the current epoch. */
  readonly inEpoch: boolean
  /** What it received, oldest first; the latest 10,000 at most. */
  readonly requests: readonly RecordedRequest[]
  /** Completions it answered to the end. */
  readonly served: number
  /** Makes the node misbehave; several faults are used up in the order they were set.
   * @throws RangeError when a number of `spec` is out of range; TypeError when it names no kind of fault, or something that
   * cannot be sent. */
  fault(spec: FaultSpec): void
  /** Ends all misbehaviour set by `fault`. */
  clearFault(): void
  /** Makes the node lie about the chain, in discovery and in the chain's RPC alike, about the epoch in force; one lie at
   * a time. The chain itself, and every other node, stay honest.
   * @throws TypeError when there is no such lie; RangeError when it needs an epoch before this one and there is none. */
  lie(kind: LieKind): void
  /** Makes the node honest again. */
  clearLie(): void
  /** Stops listening and destroys every connection. Idempotent. */
  kill(): Promise<void>
  /** Listens again on the same port. Idempotent. Rejects when another program took the port meanwhile, and with RangeError
   * after `devnet.stop()`. */
  restart(): Promise<void>
  /** Listens on another port from now on, as a host that gets a new URL. The active set has the old one until the epoch turns.
   * Rejects with RangeError after `devnet.stop()`. */
  move(): Promise<void>
}

/** A node with what the devnet needs of it and users do not. */
export class ManagedNode implements DevnetNode {
  readonly #state: NodeState
  readonly #faults = new Faults()
  readonly #log = new RequestLog()
  readonly #server: NodeServer
  #isClosed = false

  constructor(network: Network, index: number, spec: ParsedSpec) {
    const { seed } = network
    this.#state = {
      index,
      keys: deriveAccountKeys(seed, `participant/${index}`),
      validatorKey: deriveValidatorKey(seed, `validator/${index}`),
      network,
      replay: new ReplayMemory(REPLAY_BLOCKS),
      capacity: spec.capacity,
      models: spec.models,
      weight: spec.weight ?? deriveInteger(deriveBytes(seed, `weight/${index}`), 10, 100),
      distort: undefined,
      url: '',
      accepted: 0,
      inFlight: 0,
      served: 0,
    }
    network.accounts.add(this.#state.keys, { balance: 10n ** 12n, publishKey: true })
    this.#server = new NodeServer({ state: this.#state, faults: this.#faults, log: this.#log })
    // Everything is behind getters, of which console.log would show nothing.
    Object.defineProperty(this, inspect.custom, { value: () => this.#describe() })
  }

  get index(): number {
    return this.#state.index
  }

  get address(): string {
    return this.#state.keys.address
  }

  get url(): string {
    return this.#state.url
  }

  get weight(): number {
    return this.#state.weight
  }

  get models(): readonly string[] {
    return this.#state.models
  }

  get inEpoch(): boolean {
    return this.#state.network.epochs.member(this.index) !== undefined
  }

  get requests(): readonly RecordedRequest[] {
    return this.#log.entries
  }

  get served(): number {
    return this.#state.served
  }

  get isUp(): boolean {
    return this.#server.isUp
  }

  fault(spec: FaultSpec): void {
    this.#faults.add(spec)
  }

  clearFault(): void {
    this.#faults.clear()
  }

  lie(kind: LieKind): void {
    const { network } = this.#state
    if (!LIES.some((lie) => lie.kind === kind)) {
      throw new TypeError(`kind must be one of ${LIES.map((lie) => lie.kind).join(', ')}.`)
    }
    if (NEEDS_PAST.includes(kind) && network.epochs.all.length < 2) {
      throw new RangeError(`${kind} needs an epoch before this one: start later than epoch 1, or call nextEpoch().`)
    }
    this.#state.distort = createDistortion(kind, network)
  }

  clearLie(): void {
    this.#state.distort = undefined
  }

  async kill(): Promise<void> {
    await this.#server.stop()
  }

  async restart(): Promise<void> {
    this.#checkOpen('restart')
    this.#state.url = await this.#server.start()
  }

  async move(): Promise<void> {
    this.#checkOpen('move')
    this.#state.url = await this.#server.move()
  }

  /** Kills the node for good. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.kill()
  }

  #checkOpen(method: string): void {
    if (this.#isClosed) throw new RangeError(`${method} was called after stop().`)
  }

  #describe(): object {
    const { index, address, url, weight, models, inEpoch, served } = this
    return { index, address, url, weight, models, inEpoch, served }
  }

  /** Sets the weight for the epochs to come. */
  setWeight(weight: number): void {
    this.#state.weight = weight
  }

  /** The node as the next epoch freezes it; with a listing, as that has it. */
  toMember(listing: Partial<Listing> = {}): EpochMember {
    const { index, keys, validatorKey, models } = this.#state
    const { weight = this.weight, inferenceUrl = this.url } = listing
    return { index, address: keys.address, validatorKey, weight, models, inferenceUrl }
  }
}
