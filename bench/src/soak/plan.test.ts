import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NODE_FAULTS } from './node-faults.ts'
import { type EpochStep, type PlannedSecond, planSoak, type Step } from './plan.ts'

const OPTIONS = { seconds: 600, participants: 8, epochSeconds: 20, settleSeconds: 5 }

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

/** The nodes that a step takes away from clients, or troubles. */
function troubled(step: Step, known: readonly number[]): readonly number[] {
  if (step.kind === 'fault' || step.kind === 'exclude') return [step.node]
  if (step.kind === 'epoch') return [...step.leave, ...step.move]
  if (step.kind === 'allow' && step.nodes.length > 0) return known.filter((index) => !step.nodes.includes(index))
  return []
}

describe('a plan', () => {
  it('keeps, through every second, somebody healthy who was so in the second before', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const plan = planSoak({ ...OPTIONS, seed })
        for (const [second, { steps, healthy }] of plan.entries()) {
          const before = plan[second - 1]?.healthy ?? healthy
          const untouched = before.filter((index) => steps.every((step) => !troubled(step, before).includes(index)))
          expect(healthy.filter((index) => untouched.includes(index))).not.toEqual([])
        }
      }),
      { numRuns: 50 },
    )
  })

  it('calls nobody healthy who has a fault, is away or was not yet listed for the settling time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const follower = new Follower()
        for (const [second, planned] of planSoak({ ...OPTIONS, seed }).entries()) {
          expect(planned.healthy).toEqual(follower.follow(planned, second))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('turns the epoch every 20 seconds, with joins, leaves, new URLs and new weights, and has a fault in every second', () => {
    const plan = planSoak({ ...OPTIONS, seed: 1 })
    const epochs = plan.flatMap(({ steps }, second) =>
      steps.flatMap((step) => (step.kind === 'epoch' ? [{ second, step }] : [])),
    )
    expect(epochs.map(({ second }) => second)).toEqual(Array.from({ length: 29 }, (_, turn) => 20 * (turn + 1)))
    for (const list of ['leave', 'rejoin', 'move'] as const)
      expect(sum(epochs, ({ step }) => step[list].length)).toBeGreaterThan(15)
    expect(sum(epochs, ({ step }) => step.join)).toBeGreaterThan(2)
    expect(epochs.every(({ step }) => Object.keys(step.reweight).length > 0)).toBe(true)
    const TROUBLES = ['fault', 'exclude', 'allow', 'lag', 'source']
    const quiet = plan.filter(({ steps }) => !steps.some(({ kind }) => TROUBLES.includes(kind)))
    expect(quiet).toHaveLength(OPTIONS.settleSeconds)
    const used = new Set(
      plan.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'fault' ? [step.fault] : []))),
    )
    expect(used.size).toBe(NODE_FAULTS.length)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(planSoak({ ...OPTIONS, seed: 7 })).toEqual(planSoak({ ...OPTIONS, seed: 7 }))
    expect(planSoak({ ...OPTIONS, seed: 7 })).not.toEqual(planSoak({ ...OPTIONS, seed: 8 }))
  })

  it('needs four participants', () => {
    expect(() => planSoak({ ...OPTIONS, seed: 1, participants: 3 })).toThrow(RangeError)
  })
})

/** Follows the steps as the network does, apart from the planner's own books. */
class Follower {
  readonly #present = new Set(Array.from({ length: OPTIONS.participants }, (_, index) => index))
  readonly #troubledAt = new Map<number, number>()
  readonly #faulty = new Set<number>()
  readonly #excluded = new Set<number>()
  #size: number = OPTIONS.participants
  #allowed: readonly number[] = []

  follow({ steps }: PlannedSecond, second: number): number[] {
    for (const step of steps) this.#take(step, second)
    const all = Array.from({ length: this.#size }, (_, index) => index)
    const disallowed = all.filter((index) => this.#allowed.length > 0 && !this.#allowed.includes(index))
    for (const index of [...this.#faulty, ...this.#excluded, ...disallowed]) this.#troubledAt.set(index, second + 1)
    const settledBy = second - OPTIONS.settleSeconds
    return all.filter((index) => this.#present.has(index) && (this.#troubledAt.get(index) ?? settledBy) <= settledBy)
  }

  #take(step: Step, second: number): void {
    if (step.kind === 'fault') this.#faulty.add(step.node)
    if (step.kind === 'heal') this.#faulty.delete(step.node)
    if (step.kind === 'exclude') this.#excluded.add(step.node)
    if (step.kind === 'allow') this.#allowed = step.nodes
    if (step.kind === 'epoch') this.#turn(step, second)
  }

  #turn({ join, leave, rejoin, move }: EpochStep, second: number): void {
    const joining = Array.from({ length: join }, () => this.#size++)
    for (const index of leave) this.#present.delete(index)
    for (const index of [...joining, ...rejoin]) this.#present.add(index)
    for (const index of [...this.#excluded, ...joining, ...rejoin, ...move]) this.#troubledAt.set(index, second)
    this.#excluded.clear()
  }
}

function sum<T>(values: readonly T[], measure: (value: T) => number): number {
  return values.reduce((total, value) => total + measure(value), 0)
}
