import { expect, test } from 'vitest'
import { layOutMatrix } from './format-matrix.ts'
import { findDifference, formatPage } from './format-page.ts'
import { formatColumns, formatMarkdown } from './format-table.ts'
import type { Cell } from './judge-cell.ts'

const CONSUMERS = [
  { id: 'node-22', label: 'Node 22' },
  { id: 'vite', label: 'Vite' },
]
const cell = (entry: string, consumer: string, more: Partial<Cell> = {}): Cell => ({
  entry,
  consumer,
  verdict: 'yes',
  notes: [],
  problems: [],
  ...more,
})
const CELLS = [
  cell('@gonka/devnet', 'node-22'),
  cell('@gonka/devnet', 'vite', { verdict: 'no', notes: [3] }),
  cell('@gonka/signer', 'node-22', { verdict: 'FAIL', notes: [1], problems: ['x'] }),
  cell('@gonka/signer', 'vite', { notes: [1, 2] }),
]

test('has a row per entry, in the order of the programs, a column per consumer, and the numbers of the footnotes', () => {
  expect(formatColumns(layOutMatrix(CELLS, CONSUMERS))).toBe(
    ['package        Node 22  Vite', '@gonka/signer  FAIL     yes (1, 2)', '@gonka/devnet  yes      no (3)'].join('\n'),
  )
})

test('leaves out consumers and entries that were not used', () => {
  expect(layOutMatrix(CELLS.slice(0, 1), CONSUMERS)).toEqual([
    ['package', 'Node 22'],
    ['@gonka/devnet', 'yes'],
  ])
})

test('writes Markdown with aligned columns', () => {
  const table = formatMarkdown([
    ['a', 'bb'],
    ['ccc', 'd'],
  ])
  expect(table).toBe('| a   | bb |\n| --- | -- |\n| ccc | d  |')
})

test('the page shows budgets and no measures, so that it stays as it is while sizes move a little', () => {
  const page = (measured: number) => {
    const sizes = [{ name: '@gonka/signer', kind: 'gzip', measured, budget: 25_000, problem: '' } as const]
    return formatPage({ cells: CELLS, sizes }, CONSUMERS)
  }
  expect(page(24_000)).toContain('| 25.0 kB')
  expect(page(24_000)).toBe(page(23_999))
})

test('names the first line that differs', () => {
  expect(findDifference('a\nb\n', 'a\nb\n')).toBeUndefined()
  expect(findDifference('a\nb\nc', 'a\nx\nc')).toEqual({ line: 2, stored: 'b', measured: 'x' })
  expect(findDifference('a\nb', 'a\nb\nc')).toEqual({ line: 3, stored: '', measured: 'c' })
  expect(findDifference('a\nb\nc', 'a\nb')).toEqual({ line: 3, stored: 'c', measured: '' })
  expect(findDifference('', 'a')).toEqual({ line: 1, stored: '', measured: 'a' })
})
