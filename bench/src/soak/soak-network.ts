import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Devnet, type DevnetNode, startDevnet } from '@gonka/devnet'
import { LogReader } from './log-reader.ts'
import { NODE_FAULTS, SOURCE_FAULTS } from './node-faults.ts'
import { type EpochStep, type PlannedSecond, SOURCES, type Step } from './plan.ts'
import { type LateRequests, RequestWatch } from './request-watch.ts'

/** What a network is started with. */
export interface SoakNetworkOptions {
  readonly seed: number
  readonly participants: number
}

/** A time in which a participant broke off answers. */
export interface Break {
  readonly address: string
  readonly fromMs: number
  toMs: number
}

/** How the network stands. */
export interface NetworkStatus {
  readonly epochId: number
  /** Faults so far, and how often each kind came. */
  readonly faults: Readonly<Record<string, number>>
  /** Chat requests that the nodes received. */
  readonly requests: number
  readonly late: LateRequests
  /** The fewest healthy participants of any second so far. */
  readonly leastHealthy: number
  readonly sockets: number
  /** The longest that the network's process was held up, in milliseconds. */
  readonly heldUpMs: number
}

/** The time from the first byte of a request to the first of its answer, and between two events of a stream. */
const PACE = { latencyMs: 600, tokenDelayMs: 40 }
const RESTART_AGAIN_MS = 200

/** A devnet that does what a plan says: nodes fail and heal, epochs turn, participants move, sources fail. */
export class SoakNetwork {
  readonly devnet: Devnet
  readonly breaks: Break[] = []
  readonly #watch = new RequestWatch()
  readonly #logs = new LogReader()
  readonly #delays = monitorEventLoopDelay({ resolution: 20 })
  readonly #faults: Record<string, number> = {}
  readonly #openBreaks = new Map<DevnetNode, Break>()
  readonly #comingBack = new Set<DevnetNode>()
  readonly #excluded = new Set<DevnetNode>()
  #allowed: ReadonlySet<DevnetNode> = new Set()
  #leastHealthy: number
  #stopped = false

  private constructor(devnet: Devnet, options: SoakNetworkOptions) {
    this.devnet = devnet
    this.#leastHealthy = options.participants
  }

  /** Starts the devnet: first the sources, then the participants. */
  static async start(options: SoakNetworkOptions): Promise<SoakNetwork> {
    const sources = Array.from({ length: SOURCES }, () => ({ listed: false }))
    const participants = [...sources, ...Array.from({ length: options.participants }, () => ({}))]
    const devnet = await startDevnet({ participants, seed: `soak-${options.seed}`, ...PACE })
    const network = new SoakNetwork(devnet, options)
    network.#delays.enable()
    network.#noteListed()
    return network
  }

  get sourceUrls(): readonly string[] {
    return this.devnet.nodes.slice(0, SOURCES).map(({ url }) => url)
  }

  /** A participant by its number in the plan. */
  participant(number: number): DevnetNode {
    return this.devnet.node(number + SOURCES)
  }

  get status(): NetworkStatus {
    for (const node of this.devnet.nodes)
      for (const { atMs } of this.#logs.read(node)) this.#watch.judge(node.address, atMs)
    return {
      epochId: this.devnet.epochId,
      faults: this.#faults,
      requests: this.#watch.seen,
      late: this.#watch.late,
      leastHealthy: this.#leastHealthy,
      heldUpMs: this.#delays.max / 1e6,
      sockets: process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
    }
  }

  /** Does what is planned for one second. */
  async apply({ steps, healthy }: PlannedSecond): Promise<void> {
    for (const step of steps) {
      await this.#take(step)
      this.#noteListed()
    }
    const reallyHealthy = healthy.filter((index) => !this.#comingBack.has(this.participant(index))).length
    this.#leastHealthy = Math.min(this.#leastHealthy, reallyHealthy)
  }

  /** Ends all trouble, so that calls in flight come to their end. */
  async healAll(): Promise<void> {
    await Promise.all(this.devnet.nodes.map((node) => this.#heal(node)))
    this.devnet.setTransferAgents([])
    this.devnet.chain.setLagMs(0)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.devnet.stop()
  }

  async #take(step: Step): Promise<void> {
    const { devnet } = this
    switch (step.kind) {
      case 'fault':
        return await this.#fail(this.participant(step.node), step.fault)
      case 'heal':
        return await this.#heal(this.participant(step.node))
      case 'exclude':
        return this.#exclude(this.participant(step.node))
      case 'allow':
        return this.#allow(step.nodes.map((number) => this.participant(number)))
      case 'lag':
        if (step.lagMs !== 0) this.#count('clock lag')
        return devnet.chain.setLagMs(step.lagMs)
      case 'source':
        return this.#failSource(devnet.node(step.source), step.fault)
      case 'epoch':
        return await this.#turnEpoch(step)
    }
  }

  async #turnEpoch({ join, leave, rejoin, reweight, move }: EpochStep): Promise<void> {
    const indexOf = (number: number): number => this.participant(number).index
    for (const number of move) await this.#move(this.participant(number))
    this.#excluded.clear()
    await this.devnet.nextEpoch({
      join,
      leave: leave.map(indexOf),
      rejoin: rejoin.map(indexOf),
      reweight: Object.fromEntries(Object.entries(reweight).map(([number, weight]) => [indexOf(+number), weight])),
    })
  }

  /** What it was answering at its old address is cut off. */
  async #move(node: DevnetNode): Promise<void> {
    const fromMs = Date.now()
    await node.move()
    this.breaks.push({ address: node.address, fromMs, toMs: Date.now() })
  }

  #exclude(node: DevnetNode): void {
    this.#count('excluded')
    this.#excluded.add(node)
    this.devnet.exclude(node.index, 'jailed')
  }

  #allow(nodes: readonly DevnetNode[]): void {
    if (nodes.length > 0) this.#count('not on the allow-list')
    this.#allowed = new Set(nodes)
    this.devnet.setTransferAgents(nodes.map(({ address }) => address))
  }

  #failSource(node: DevnetNode, position: number | undefined): void {
    node.clearFault()
    const fault = position === undefined ? undefined : SOURCE_FAULTS[position]
    if (!fault) return
    this.#count(fault.name)
    node.fault(fault.does)
  }

  async #fail(node: DevnetNode, position: number): Promise<void> {
    const fault = NODE_FAULTS[position]
    if (!fault) throw new RangeError(`There is no fault ${position}.`)
    await this.#heal(node)
    this.#count(fault.name)
    if (fault.breaksAnswers) {
      const opened: Break = { address: node.address, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY }
      this.#openBreaks.set(node, opened)
      this.breaks.push(opened)
    }
    if (fault.does !== 'kill') return node.fault(fault.does)
    this.#comingBack.delete(node)
    await node.kill()
  }

  async #heal(node: DevnetNode): Promise<void> {
    node.clearFault()
    const open = this.#openBreaks.get(node)
    if (open) open.toMs = Date.now()
    this.#openBreaks.delete(node)
    this.#comingBack.add(node)
    await this.#comeBack(node)
  }

  /** The port of a node that is down may serve somebody's connection meanwhile; then it comes back later. */
  async #comeBack(node: DevnetNode): Promise<void> {
    if (this.#stopped || !this.#comingBack.has(node)) return
    try {
      await node.restart()
      this.#comingBack.delete(node)
    } catch {
      setTimeout(() => void this.#comeBack(node), RESTART_AGAIN_MS)
    }
  }

  #count(fault: string): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1
  }

  #noteListed(): void {
    const listed = this.devnet.nodes.filter(
      (node) => node.inEpoch && !this.#excluded.has(node) && (this.#allowed.size === 0 || this.#allowed.has(node)),
    )
    this.#watch.noteListed(new Set(listed.map(({ address }) => address)), Date.now())
  }
}
