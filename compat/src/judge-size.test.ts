import { expect, test } from 'vitest'
import { GZIP_BUDGETS, INSTALL_BUDGETS } from './budgets.ts'
import { judgeSize } from './judge-size.ts'
import type { Size } from './measure-sizes.ts'
import { PROGRAMS, packageOf } from './programs.ts'
import { listPublished } from './repository.ts'

const judge = (size: Partial<Size>) =>
  judgeSize({ name: 'x', kind: 'gzip', measured: 9_000, budget: 10_000, problem: '', ...size })

test('a size within its budget is fine, one over it is named', () => {
  expect(judge({})).toBe('')
  expect(judge({ measured: 10_000 })).toBe('')
  expect(judge({ measured: 10_001 })).toBe('x: gzip is 10.0 kB, over its budget of 10.0 kB')
  expect(judge({ kind: 'installed', measured: 3_600_000, budget: 3_500_000 })).toMatch(/3\.60 MB, over .* 3\.50 MB$/)
})

test('a budget that nothing comes near is asked to be lowered, so that the page stays true', () => {
  expect(judge({ measured: 7_500 })).toBe('')
  expect(judge({ measured: 7_499 })).toMatch(/lower the budget$/)
  expect(judge({ kind: 'packages', measured: 5, budget: 6 })).toMatch(/lower the budget$/)
  expect(judge({ measured: 300, budget: 900 })).toBe('')
})

test('what is wrong whatever the size comes first', () => {
  expect(judge({ measured: 0, problem: 'esbuild could not bundle it' })).toBe('x: esbuild could not bundle it')
})

test('the promised ceilings hold, and every entry and package has a budget', async () => {
  expect(GZIP_BUDGETS['@gonka/signer']).toBeLessThanOrEqual(25_000)
  expect(INSTALL_BUDGETS['@gonka/signer']?.packages).toBeLessThanOrEqual(9)
  expect(INSTALL_BUDGETS['@gonka/signer']?.installedBytes).toBeLessThanOrEqual(3_500_000)
  expect(Object.keys(GZIP_BUDGETS).sort()).toEqual(PROGRAMS.map(({ entry }) => entry).sort())
  const names = (await listPublished()).map(({ name }) => name).sort()
  expect(Object.keys(INSTALL_BUDGETS).sort()).toEqual(names)
})

test('every package has a program that needs no peer, whose project is the one that is measured', () => {
  const alone = PROGRAMS.filter(({ peers }) => peers === undefined).map(({ entry }) => packageOf(entry))
  expect([...new Set(alone)].sort()).toEqual(Object.keys(INSTALL_BUDGETS).sort())
})

test('the router of core has no dependency at all', async () => {
  const core = (await listPublished()).find(({ name }) => name === '@multiplexer/core')
  expect(core?.manifest.dependencies ?? {}).toEqual({})
})
