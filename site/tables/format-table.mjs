/** Writes a Markdown table.
 * @param {string[]} head
 * @param {string[][]} rows */
export function formatTable(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
