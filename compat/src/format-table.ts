/** Writes rows as columns of equal width, for a terminal.
 * @param rows - All with as many cells as the first, which is the heading. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = measureColumns(rows)
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Writes rows as a Markdown table. */
export function formatMarkdown(rows: readonly (readonly string[])[]): string {
  const widths = measureColumns(rows)
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function measureColumns([heading = [], ...rows]: readonly (readonly string[])[]): number[] {
  return heading.map((cell, column) => Math.max(cell.length, ...rows.map((row) => (row[column] ?? '').length)))
}
