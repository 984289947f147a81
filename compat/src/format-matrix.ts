import type { Consumer } from './check.ts'
import type { Cell } from './judge-cell.ts'
import { formatSize } from './judge-size.ts'
import type { Size } from './measure-sizes.ts'
import { PROGRAMS } from './programs.ts'

/** Lays cells out as rows of text: one row per entry, one column per consumer, the heading first.
 * @param cells - Entries and consumers that have none are left out. */
export function layOutMatrix(cells: readonly Cell[], consumers: readonly Pick<Consumer, 'id' | 'label'>[]): string[][] {
  const columns = consumers.filter(({ id }) => cells.some(({ consumer }) => consumer === id))
  const entries = PROGRAMS.map(({ entry }) => entry).filter((name) => cells.some(({ entry }) => entry === name))
  const rows = entries.map((name) => {
    const own = cells.filter(({ entry }) => entry === name)
    return [name, ...columns.map(({ id }) => formatCell(own.find(({ consumer }) => consumer === id)))]
  })
  return [['package', ...columns.map(({ label }) => label)], ...rows]
}

function formatCell(cell: Cell | undefined): string {
  if (!cell) return ''
  return cell.notes.length > 0 && cell.verdict !== 'FAIL' ? `${cell.verdict} (${cell.notes.join(', ')})` : cell.verdict
}

/** Lays sizes out, what was measured beside the budget. */
export function layOutSizes(sizes: readonly Size[]): string[][] {
  const rows = sizes.map(({ name, kind, measured, budget }) => [
    name,
    kind,
    formatSize(kind, measured),
    formatSize(kind, budget),
  ])
  return [['package', 'what', 'is', 'at most'], ...rows]
}

/** Lays the budgets alone out, one row per entry: what does not change from one small commit to the next. */
export function layOutBudgets(sizes: readonly Size[]): string[][] {
  const budgetOf = (name: string, kind: Size['kind']): string => {
    const size = sizes.find((candidate) => candidate.name === name && candidate.kind === kind)
    return size ? formatSize(kind, size.budget) : ''
  }
  const rows = PROGRAMS.map(({ entry }) => [
    entry,
    budgetOf(entry, 'gzip'),
    budgetOf(entry, 'packages'),
    budgetOf(entry, 'installed'),
  ])
  return [['package', 'minified + gzip', 'packages installed', 'bytes installed'], ...rows]
}
