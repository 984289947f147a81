import type { Consumer } from './check.ts'
import { EXCEPTIONS } from './exceptions.ts'
import { layOutBudgets, layOutMatrix } from './format-matrix.ts'
import { formatMarkdown } from './format-table.ts'
import type { Cell } from './judge-cell.ts'
import type { Size } from './measure-sizes.ts'
import { TYPESCRIPT_VERSIONS } from './toolbox.ts'

/** Writes `docs/compatibility.md`. The same measures give the same text.
 * @param result.cells - Every entry in every consumer. */
export function formatPage(
  { cells, sizes }: { cells: readonly Cell[]; sizes: readonly Size[] },
  consumers: readonly Pick<Consumer, 'id' | 'label'>[],
): string {
  const notes = EXCEPTIONS.map(({ note }, index) => `${index + 1}. ${note}`)
  return `# Compatibility

Which package works where. Both tables are measured: every package is packed as for a release, installed with npm into an empty
project, and used there (\`compat/src/uses\`). CI measures them again and fails when this page says something else.

\`\`\`sh
npm run test:compat              # measures, prints the tables, compares them with this page
npm run test:compat -- --write   # measures and rewrites this page
npm run test:compat -- --help
\`\`\`

## Where it works

${formatMarkdown(layOutMatrix(cells, consumers))}

**yes**: a small program that uses the entry gave the right answer in every way listed here. **no**: it cannot, and the run fails if it ever does.
**–**: the npm registry did not have that consumer. A number is a footnote.

${notes.join('\n')}

| column | the program |
| --- | --- |
| Node | ran as an ES module and as CommonJS with \`require\`, without a warning; commands that the package brings printed their help. The oldest release that is supported, then the newest of each line |
| TS | compiled with \`strict\`, \`skipLibCheck: false\` and no \`@types\`, as ES module under \`node16\`, \`nodenext\` and \`bundler\`, and as CommonJS under \`node16\` and \`nodenext\`, with ${Object.values(TYPESCRIPT_VERSIONS).join(', ')} |
| esbuild, Vite | was bundled for browsers, and the bundle ran where there are the Web's globals and no others |
| Edge | ran in vitest's \`edge-runtime\` environment, and as a bundle with the conditions \`edge-light\` and \`worker\` |
| Bun, Deno | ran as an ES module |

Entries that need a peer (\`openai\`, \`@opentelemetry/api\`) had it installed; everything else had only what the package itself brings.

## What it weighs

${formatMarkdown(layOutBudgets(sizes))}

At most, and at least three quarters of it: CI fails when a size leaves that range. The first column is everything that the entry exports, bundled
by esbuild, without optional peers; using less of it costs less. The others are what \`npm install\` of the package alone puts into
\`node_modules\`, the package itself and the sources for debuggers included. 1 kB is 1,000 bytes.
`
}

/** The first line in which two texts differ.
 * @returns undefined when they are the same. */
export function findDifference(
  stored: string,
  measured: string,
): { line: number; stored: string; measured: string } | undefined {
  const [left, right] = [stored.split('\n'), measured.split('\n')]
  const index = [...left, ''].findIndex((text, line) => text !== right[line])
  if (stored === measured || index < 0) return undefined
  return { line: index + 1, stored: left[index] ?? '', measured: right[index] ?? '' }
}
