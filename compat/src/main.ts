import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONSUMERS } from './consumers.ts'
import { EXCEPTIONS } from './exceptions.ts'
import { layOutMatrix, layOutSizes } from './format-matrix.ts'
import { findDifference, formatPage } from './format-page.ts'
import { formatColumns } from './format-table.ts'
import { judgeSize } from './judge-size.ts'
import { type Options, parseOptions } from './parse-options.ts'
import { PROGRAMS } from './programs.ts'
import { ROOT } from './repository.ts'
import { type MatrixResult, runMatrix } from './run-matrix.ts'

const PAGE = join(ROOT, 'docs', 'compatibility.md')

const HELP = `Packs every published package, installs the tarballs into fresh projects and uses them in every consumer.

  --only <names>  consumers and entries, separated by commas; docs/compatibility.md is not compared then
                  ${CONSUMERS.map(({ id }) => id).join(', ')}
  --write         store the tables in docs/compatibility.md
  --json          print checks, cells and sizes as one JSON object instead of progress and tables
  --keep          leave the projects behind, and say where
  --help          this text

The packages must be built. Needs nothing but Node, npm and the npm registry; compilers, bundlers and runtimes are kept in
node_modules/.cache. Exits with 1 when something does not work, is over its budget or differs from the stored page, with 2
when an option is wrong.
`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = parseOptions(args, {
      consumers: CONSUMERS.map(({ id }) => id),
      entries: PROGRAMS.map(({ entry }) => entry),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 2
  }
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const result = await measure(options)
  const isWhole = options.consumers.length === 0 && options.entries.length === 0
  if (options.write) writeFileSync(PAGE, formatPage(result, CONSUMERS))
  const problems = [...findProblems(result), ...(isWhole ? comparePage(result) : [])]
  if (options.json) console.log(JSON.stringify({ ...result, problems }, undefined, 2))
  else report(result)
  for (const problem of problems) console.error(`\n${problem}`)
  return problems.length > 0 ? 1 : 0
}

async function measure({ consumers, entries, json, keep }: Options): Promise<MatrixResult> {
  const startedMs = performance.now()
  return await runMatrix({
    consumers: CONSUMERS.filter(({ id }) => consumers.length === 0 || consumers.includes(id)),
    programs: PROGRAMS.filter(({ entry }) => entries.length === 0 || entries.includes(entry)),
    keep,
    say: (line) => {
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
      if (!json) console.log(`${seconds.padStart(4)} s  ${line}`)
    },
  })
}

function findProblems({ cells, sizes }: MatrixResult): string[] {
  return [...cells.flatMap(({ problems }) => problems), ...sizes.map(judgeSize).filter((problem) => problem !== '')]
}

function comparePage(result: MatrixResult): string[] {
  const stored = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  const difference = findDifference(stored, formatPage(result, CONSUMERS))
  if (!difference) return []
  const { line, stored: is, measured } = difference
  return [
    `docs/compatibility.md:${line} differs from what was measured; --write stores it.\n  stored:   ${is}\n  measured: ${measured}`,
  ]
}

function report({ cells, sizes }: MatrixResult): void {
  console.log(`\n${formatColumns(layOutMatrix(cells, CONSUMERS))}\n`)
  EXCEPTIONS.forEach(({ note }, index) => {
    if (cells.some(({ notes }) => notes.includes(index + 1))) console.log(`(${index + 1}) ${note}`)
  })
  console.log(`\n${formatColumns(layOutSizes(sizes))}`)
}
