import { seededRandom } from '../seeded-random.ts'
import { NODE_FAULTS, SOURCE_FAULTS } from './node-faults.ts'

/** What an epoch changes. Participants are numbered from 0, in the order in which they join. */
export interface EpochStep {
  readonly kind: 'epoch'
  readonly join: number
  readonly leave: readonly number[]
  readonly rejoin: readonly number[]
  readonly reweight: Readonly<Record<number, number>>
  /** Participants that get another URL; the one before is dead at once. */
  readonly move: readonly number[]
}

/** One thing that happens, to participants by number. */
export type Step =
  | EpochStep
  /** `fault` is a position in `NODE_FAULTS`; it replaces the participant's fault from before. */
  | { readonly kind: 'fault'; readonly node: number; readonly fault: number }
  | { readonly kind: 'heal'; readonly node: number }
  | { readonly kind: 'exclude'; readonly node: number }
  /** The only participants that may take requests; none named: all may. */
  | { readonly kind: 'allow'; readonly nodes: readonly number[] }
  | { readonly kind: 'lag'; readonly lagMs: number }
  /** `fault` is a position in `SOURCE_FAULTS`; undefined ends it. */
  | { readonly kind: 'source'; readonly source: number; readonly fault: number | undefined }

/** What happens in one second, and who stays out of it. */
export interface PlannedSecond {
  readonly steps: readonly Step[]
  /** Participants without a fault that clients have had time to hear of. */
  readonly healthy: readonly number[]
}

/** What is planned. */
export interface PlanOptions {
  readonly seed: number
  readonly seconds: number
  /** Participants at the start, all in the epoch; >= 4. */
  readonly participants: number
  /** Seconds from one epoch to the next. */
  readonly epochSeconds: number
  /** Seconds after which clients have heard of a change and a participant counts as healthy again. */
  readonly settleSeconds: number
}

interface PlannedNode {
  readonly index: number
  inEpoch: boolean
  /** First second without the fault; the one it recovered in stays. */
  healsAt: number
  /** First second in which it is listed under its present URL, and not excluded. */
  listedFrom: number
}

/** Plans a run: an epoch every so often, and in every second one fault, so that at any moment at least one participant that
 * clients know is healthy, and stays so while the next one settles. The seed decides everything.
 * @throws RangeError with fewer than four participants: then there is nobody to take away. */
export function planSoak(options: PlanOptions): readonly PlannedSecond[] {
  if (!(options.participants >= 4)) throw new RangeError(`participants must be >= 4; got ${options.participants}.`)
  const planner = new Planner(options)
  return Array.from({ length: options.seconds }, (_, second) => planner.next(second))
}

const MAX_FAULT_SECONDS = 8
const MAX_SIZE = 10
const MIN_SIZE = 6
const WEIGHTS = [0, 1, 5, 20, 50, 100, 1_000, 1_000_000]
const LAGS_MS = [40_000, -70_000, 2_700_000, -2_700_000]

/** Nodes that know the participants and are none. */
export const SOURCES = 2

class Planner {
  readonly #options: PlanOptions
  readonly #random: () => number
  readonly #nodes: PlannedNode[]
  #allowed: { readonly nodes: readonly number[]; readonly until: number } | undefined
  #lagUntil = 0
  #source = { index: 0, until: 0 }
  /** Who was healthy at the end of the second before. */
  #before: readonly number[] = []

  constructor(options: PlanOptions) {
    this.#options = options
    this.#random = seededRandom(options.seed)
    this.#nodes = Array.from({ length: options.participants }, (_, index) => createNode(index, -options.settleSeconds))
  }

  next(second: number): PlannedSecond {
    const steps = this.#endings(second)
    const { epochSeconds, settleSeconds } = this.#options
    if (second > 0 && second % epochSeconds === 0) steps.push(this.#turnEpoch(second))
    if (second >= settleSeconds) steps.push(this.#trouble(second))
    this.#before = this.#healthy(second)
    return { steps, healthy: this.#before }
  }

  /** Faults whose time is over. */
  #endings(second: number): Step[] {
    const steps: Step[] = this.#nodes
      .filter(({ healsAt }) => healsAt === second)
      .map(({ index }) => ({ kind: 'heal', node: index }))
    if (this.#allowed?.until === second) {
      steps.push({ kind: 'allow', nodes: [] })
      for (const node of this.#nodes)
        if (!this.#allowed.nodes.includes(node.index)) node.listedFrom = Math.max(node.listedFrom, second)
      this.#allowed = undefined
    }
    if (second > 0 && this.#lagUntil === second) steps.push({ kind: 'lag', lagMs: 0 })
    if (second > 0 && this.#source.until === second)
      steps.push({ kind: 'source', source: this.#source.index, fault: undefined })
    return steps
  }

  #turnEpoch(second: number): Step {
    const guard = this.#pick(this.#guards(second))
    const present = this.#nodes.filter(({ inEpoch }) => inEpoch)
    const movable = this.#shuffle(present.filter(({ index }) => index !== guard))
    const leaving = movable.slice(0, Math.min(1 + this.#below(2), present.length - MIN_SIZE + 1))
    const staying = movable.slice(leaving.length)
    const room = MAX_SIZE - (present.length - leaving.length)
    const away = this.#nodes.filter(({ inEpoch }) => !inEpoch)
    const rejoining = this.#shuffle(away).slice(0, Math.min(1 + this.#below(2), room))
    const join = rejoining.length < room && (away.length < 3 || this.#random() < 0.2) ? 1 : 0
    const moving = staying.slice(0, this.#below(3))
    for (const node of leaving) node.inEpoch = false
    for (const node of [...rejoining, ...moving]) Object.assign(node, { inEpoch: true, listedFrom: second })
    for (let joined = 0; joined < join; joined++) this.#nodes.push(createNode(this.#nodes.length, second))
    const reweighted = this.#shuffle([...staying, ...rejoining]).slice(0, 1 + this.#below(3))
    return {
      kind: 'epoch',
      join,
      leave: leaving.map(indexOf),
      rejoin: rejoining.map(indexOf),
      reweight: Object.fromEntries(reweighted.map(({ index }) => [index, this.#pick(WEIGHTS)])),
      move: moving.map(indexOf),
    }
  }

  /** The second's fault: mostly a participant's own, sometimes one of the network. */
  #trouble(second: number): Step {
    const chance = this.#random()
    if (chance < 0.05 && this.#lagUntil <= second) return this.#lag(second)
    if (chance < 0.12 && this.#source.until <= second) return this.#failSource(second)
    if (chance < 0.18) return this.#exclude(second) ?? this.#failNode(second)
    if (chance < 0.23 && !this.#allowed) return this.#allow(second)
    return this.#failNode(second)
  }

  #failNode(second: number): Step {
    const target = this.#pick(this.#touchable(second))
    target.healsAt = second + 1 + this.#below(MAX_FAULT_SECONDS)
    return { kind: 'fault', node: target.index, fault: this.#below(NODE_FAULTS.length) }
  }

  /** Until the epoch turns. */
  #exclude(second: number): Step | undefined {
    const targets = this.#touchable(second).filter(({ listedFrom }) => listedFrom <= second)
    if (targets.length === 0) return undefined
    const target = this.#pick(targets)
    const { epochSeconds } = this.#options
    target.listedFrom = (Math.floor(second / epochSeconds) + 1) * epochSeconds
    return { kind: 'exclude', node: target.index }
  }

  /** One healthy participant, and each other one by chance. Long enough for clients to hear of it. */
  #allow(second: number): Step {
    const guard = this.#pick(this.#guards(second))
    const nodes = this.#nodes.map(indexOf).filter((index) => index === guard || this.#random() < 0.6)
    this.#allowed = { nodes, until: second + this.#options.settleSeconds + this.#below(MAX_FAULT_SECONDS) }
    return { kind: 'allow', nodes }
  }

  #lag(second: number): Step {
    this.#lagUntil = second + 1 + this.#below(2 * MAX_FAULT_SECONDS)
    return { kind: 'lag', lagMs: this.#pick(LAGS_MS) }
  }

  #failSource(second: number): Step {
    this.#source = { index: this.#below(SOURCES), until: second + 1 + this.#below(2 * MAX_FAULT_SECONDS) }
    return { kind: 'source', source: this.#source.index, fault: this.#below(SOURCE_FAULTS.length) }
  }

  #healthy(second: number): number[] {
    const settledBy = second - this.#options.settleSeconds
    return this.#nodes
      .filter(({ inEpoch, healsAt, listedFrom }) => inEpoch && Math.max(healsAt, listedFrom) <= settledBy)
      .map(indexOf)
      .filter((index) => !this.#allowed || this.#allowed.nodes.includes(index))
  }

  /** Participants that were healthy and still are: one of them has to stay so. */
  #guards(second: number): number[] {
    return this.#healthy(second).filter((index) => this.#before.includes(index))
  }

  /** Participants that may get into trouble: never the only guard. */
  #touchable(second: number): PlannedNode[] {
    const guards = this.#guards(second)
    return this.#nodes.filter(({ inEpoch, index }) => inEpoch && !(guards.length === 1 && guards[0] === index))
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[this.#below(from.length)]
    if (picked === undefined) throw new RangeError('The plan has nobody left to pick.')
    return picked
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #shuffle<T>(values: readonly T[]): T[] {
    return values
      .map((value) => ({ value, order: this.#random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ value }) => value)
  }
}

function createNode(index: number, listedFrom: number): PlannedNode {
  return { index, inEpoch: true, healsAt: listedFrom, listedFrom }
}

function indexOf({ index }: PlannedNode): number {
  return index
}
