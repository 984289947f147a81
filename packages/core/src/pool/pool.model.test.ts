import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVerdict, type VerdictKind } from '../verdict.ts'
import { asking, poolOf } from './fixtures/pool-of.ts'
import type { Lease, Pool } from './pool.ts'

describe('any sequence of reservations', () => {
  /** Keeps what it was lent, so that every step can be checked against the pool. */
  class Borrower {
    readonly pool: Pool
    readonly running: Lease[] = []
    nowMs = 0

    constructor(limits: readonly number[]) {
      this.pool = poolOf([
        { modelName: 'a', models: ['m'], maxConcurrent: limits[0] },
        { modelName: 'b', models: ['m', 'n'], maxConcurrent: limits[1], group: 'g' },
        { modelName: 'c', maxConcurrent: limits[2], group: 'g', tier: 1 },
      ])
    }

    reserve(model: string | undefined): void {
      const reservation = this.pool.reserve(asking(model), this.nowMs)
      if (reservation.kind === 'lease') this.running.push(reservation.lease)
      if (reservation.kind === 'wait') expect(reservation.untilMs).toBeGreaterThan(this.nowMs)
    }

    settle(index: number, kind: VerdictKind): void {
      const [lease] = this.running.splice(index % Math.max(1, this.running.length), 1)
      if (lease) this.pool.settle(lease, createVerdict(kind), this.nowMs)
    }

    check(): void {
      for (const member of this.pool.members) {
        const held = this.running.filter((lease) => lease.member === member)
        expect(member.inFlight).toBe(held.length)
        expect(held.length).toBeLessThanOrEqual(member.settings.maxConcurrent)
        expect(
          held.filter((lease) => lease.ticket.probe && member.phase(this.nowMs) === 'halfOpen').length,
        ).toBeLessThan(2)
      }
    }
  }

  const KINDS = ['ok', 'rate-limited', 'unavailable', 'interrupted', 'cancelled', 'model-missing', 'suspended'] as const
  const step: fc.Arbitrary<(borrower: Borrower) => void> = fc.oneof(
    fc.constantFrom(undefined, 'm', 'n', 'a').map((model) => (borrower: Borrower) => borrower.reserve(model)),
    fc.tuple(fc.nat(), fc.constantFrom(...KINDS)).map(
      ([index, kind]) =>
        (borrower: Borrower) =>
          borrower.settle(index, kind),
    ),
    fc.nat(3_000).map((ms) => (borrower: Borrower) => {
      borrower.nowMs += ms
    }),
  )
  const limit = fc.integer({ min: 1, max: 3 })

  it('never has more in flight than a member’s limit, nor two probes at once, and counts every slot back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.tuple(limit, limit, limit), (steps, limits) => {
        const borrower = new Borrower(limits)
        for (const run of steps) {
          run(borrower)
          borrower.check()
        }
      }),
      { numRuns: 200 },
    )
  })
})
