import { expect, it } from 'vitest'
import { RetryBudget } from './retry-budget.ts'

function spendAll(budget: RetryBudget, nowMs: number): number {
  let spent = 0
  while (spent < 10_000 && budget.canSpend(nowMs)) {
    budget.spend()
    spent += 1
  }
  return spent
}

it('allows a share of the calls', () => {
  const budget = new RetryBudget({ ratio: 0.2, minPerSecond: 0 })
  for (let call = 0; call < 1_000; call++) budget.earn()
  expect(spendAll(budget, 0)).toBe(200)
})

it('allows some per second even without calls, and does not save them up', () => {
  const budget = new RetryBudget({ ratio: 0, minPerSecond: 10 })
  expect(spendAll(budget, 0)).toBe(10)
  expect(spendAll(budget, 500)).toBe(5)
  expect(spendAll(budget, 3_600_000)).toBe(10)
})

it('does not save up for a storm', () => {
  const budget = new RetryBudget({ ratio: 1, minPerSecond: 0 })
  for (let call = 0; call < 1_000_000; call++) budget.earn()
  expect(spendAll(budget, 0)).toBe(1_000)
})

it.each([{ ratio: -1 }, { minPerSecond: Number.NaN }])('refuses %j', (settings) => {
  expect(() => new RetryBudget(settings)).toThrow(/retry\.budget\.\w+ must be a number >= 0/)
})
