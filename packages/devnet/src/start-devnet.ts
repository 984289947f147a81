import { bytesToHex } from '@noble/hashes/utils.js'
import { type AccountOptions, Accounts, type DevnetAccount } from './accounts.ts'
import { Chain, type DevnetChain } from './chain.ts'
import { deriveBytes } from './derive.ts'
import { type DevnetNode, ManagedNode } from './devnet-node.ts'
import { createEpoch, Epochs } from './epochs.ts'
import { createHistory, earliestHeight, startHeight } from './history.ts'
import { Ledger } from './ledger.ts'
import type { Network } from './network.ts'
import { type ParsedOptions, type ParsedSpec, parseOptions } from './parse-options.ts'
import { planEpoch } from './plan-epoch.ts'
import { toHex } from './rpc/block-dialects.ts'
import type { Devnet, DevnetOptions, EpochChange, EpochTurn, TrustAnchor } from './types.ts'

/** Starts a whole network on 127.0.0.1: one HTTP server per participant, on ports that the system chooses.
 * @param options - Size, seed, mode and pace.
 * @returns The running network; stop it with `stop()` or `await using`.
 * @throws {TypeError | RangeError} naming the option that does not fit; nothing is left running.
 * @example
 * const devnet = await startDevnet({ participants: 3, seed: 'demo' })
 * const answer = await fetch(`${devnet.url}/v1/epochs/current/participants`)
 * await devnet.stop()
 * @see Protocol reference, section 8 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const network = new LocalNetwork(parseOptions(options))
  await network.start()
  return network
}

class LocalNetwork implements Devnet {
  readonly #options: ParsedOptions
  readonly #nodes: ManagedNode[] = []
  readonly #network: Network
  readonly account: DevnetAccount
  #turning: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | undefined

  constructor(options: ParsedOptions) {
    const { seed, chainId, epoch, now, blockTimeMs } = options
    this.#options = options
    const chain = new Chain({ now, blockTimeMs, height: startHeight(epoch) })
    const epochs = new Epochs(createEpoch(epoch, startHeight(epoch), []))
    const firstHeight = earliestHeight(epoch)
    this.#network = {
      ...options,
      chain,
      epochs,
      firstHeight,
      ledger: new Ledger({ seed, chainId, chain, epochs, firstHeight }),
      accounts: new Accounts(seed),
      access: { transferAgents: [], developersUntilHeight: 0, developers: [] },
      apiKey: `gk-devnet-${bytesToHex(deriveBytes(seed, 'api-key')).slice(0, 32)}`,
      isUp: (index) => this.#nodes[index]?.isUp ?? false,
    }
    this.account = this.#network.accounts.create()
  }

  async start(): Promise<void> {
    const { participants, epoch } = this.#options
    const nodes = await this.#startNodes(participants)
    const members = nodes.filter((_, index) => participants[index]?.listed).map((node) => node.toMember())
    for (const each of createHistory(epoch, members)) this.#network.epochs.turn(each)
  }

  get url(): string {
    return this.urls[0] ?? this.node(0).url
  }

  get urls(): readonly string[] {
    return this.#network.epochs.current.members.map((member) => member.inferenceUrl)
  }

  get nodes(): readonly DevnetNode[] {
    return this.#nodes
  }

  get apiKey(): string {
    return this.#network.apiKey
  }

  get epochId(): number {
    return this.#network.epochs.current.epochId
  }

  get chainId(): string {
    return this.#network.chainId
  }

  get chain(): DevnetChain {
    return this.#network.chain
  }

  node(index: number): DevnetNode {
    const node = this.#nodes[index]
    if (!node) throw new RangeError(`index must be from 0 to ${this.#nodes.length - 1}; got ${index}.`)
    return node
  }

  trustAnchor(height?: number): TrustAnchor {
    const { epochs, chain, firstHeight, ledger } = this.#network
    const wanted = height ?? epochs.current.createdAtBlockHeight + 1
    if (!(Number.isSafeInteger(wanted) && wanted >= firstHeight && wanted <= chain.height)) {
      throw new RangeError(`height must be from ${firstHeight} to ${chain.height}; got ${wanted}.`)
    }
    return { height: wanted, hash: toHex(ledger.blockAt(wanted).id.hash) }
  }

  createAccount(options: AccountOptions = {}): DevnetAccount {
    return this.#network.accounts.create(options)
  }

  balanceOf(address: string): bigint {
    return this.#network.accounts.find(address)?.balance ?? 0n
  }

  nextEpoch(change: EpochChange = {}): Promise<EpochTurn> {
    const turn = this.#turning.then(() => this.#turnEpoch(change))
    this.#turning = turn.catch(() => {})
    return turn
  }

  exclude(index: number, reason = 'excluded by test'): void {
    const { epochs, chain } = this.#network
    const member = epochs.member(index)
    if (!member) throw new RangeError(`index must name a node of the current epoch; got ${index}.`)
    if (epochs.current.excluded.some(({ address }) => address === member.address)) return
    epochs.current.excluded.push({ address: member.address, reason, blockHeight: chain.height })
  }

  setTransferAgents(addresses: readonly string[]): void {
    this.#network.access.transferAgents = [...addresses]
  }

  setDevelopers({ untilBlockHeight, allowed }: { untilBlockHeight: number; allowed: readonly string[] }): void {
    this.#network.access.developersUntilHeight = untilBlockHeight
    this.#network.access.developers = [...allowed]
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#turning.then(async () => {
      await Promise.all(this.#nodes.map((node) => node.close()))
    })
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #turnEpoch(change: EpochChange): Promise<EpochTurn> {
    if (this.#stopping) throw new RangeError('nextEpoch was called after stop().')
    const { epochs, chain } = this.#network
    const plan = planEpoch(change, { nodes: this.#nodes, models: this.#options.models })
    const before = epochs.current.members
    const joining = await this.#startNodes(plan.join)
    for (const [index, weight] of plan.weights) this.#nodes[index]?.setWeight(weight)
    const own = [...plan.stay, ...joining].map((node) => node.toMember())
    const members = [...own, ...plan.list.flatMap((listing) => this.#nodes[listing.index]?.toMember(listing) ?? [])]
    // Record written at N, proven by header N + 1, in force at N + 2.
    chain.advance(3)
    epochs.turn(createEpoch(epochs.current.epochId + 1, chain.height, members))
    const had = new Set(before.map(({ index }) => index))
    const has = new Set(members.map(({ index }) => index))
    return {
      epochId: epochs.current.epochId,
      joined: this.#nodes.filter(({ index }) => has.has(index) && !had.has(index)),
      left: this.#nodes.filter(({ index }) => had.has(index) && !has.has(index)),
    }
  }

  /** All start, or none stays. */
  async #startNodes(specs: readonly ParsedSpec[]): Promise<ManagedNode[]> {
    const first = this.#nodes.length
    const nodes = specs.map((spec, offset) => new ManagedNode(this.#network, first + offset, spec))
    const failed = (await Promise.allSettled(nodes.map((node) => node.restart()))).find(isRejected)
    if (failed) {
      await Promise.all(nodes.map((node) => node.kill()))
      throw failed.reason
    }
    this.#nodes.push(...nodes)
    return nodes
  }
}

function isRejected(result: PromiseSettledResult<void>): result is PromiseRejectedResult {
  return result.status === 'rejected'
}
