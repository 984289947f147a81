/** What became of one package.
 * @typedef {{ name: string, versions: readonly string[], published: readonly string[] }} PackageRow `versions` after each release. */

/** Writes the packages as aligned columns; a version that a release did not change is shown as `=`.
 * @param {readonly PackageRow[]} rows
 * @param {readonly string[]} releases - Names of the releases, one per version. */
export function formatTable(rows, releases) {
  const table = [
    ['package', ...releases, 'published'],
    ...rows.map(({ name, versions, published }) => [
      name,
      ...versions.map((version, index) => (version === versions[index - 1] ? '=' : version)),
      published.join(' '),
    ]),
  ]
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
