// Takes one check at a time out of a package, and fails when no test notices.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findMutants } from './find-mutants.mjs'
import { formatTable, judgeMutants } from './judge-mutants.mjs'
import { createCopy } from './mutant-copy.mjs'
import { runMutants, scoutTests } from './run-mutants.mjs'

const USAGE = `Usage: node scripts/mutants/main.mjs [--package folder] [--json] [file…]

Takes one check at a time out of the sources of a package, and runs its tests until one fails.
  file…      only the mutants of these files of src
  --package  the package (default: the current folder)
  --json     prints every mutant as JSON: file, line, check, becomes, verdict, and failedTest or reason

mutants.json of the package names the test files that are too slow or name no check (skippedTests),
and the mutants that change nothing (equivalent: file, check, becomes, reason).
Exits with 1 when a mutant survives, or when one that is called equivalent does not exist or fails a test.`

const OPTIONS = {
  package: { type: 'string', default: '.' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
}

// A worker that never ends would keep the process alive.
process.exit(await main(process.argv.slice(2)))

async function main(args) {
  const parsed = parseArguments(args)
  if (!parsed || parsed.values.help) {
    console.log(USAGE)
    return parsed ? 0 : 2
  }
  const { values, positionals } = parsed
  const packageFolder = resolve(values.package)
  const { skippedTests, equivalent } = JSON.parse(readFileSync(join(packageFolder, 'mutants.json'), 'utf8'))
  const mutants = findAll(packageFolder, positionals)
  const failedTests = await runAll(packageFolder, { mutants, skippedTests })
  const known = equivalent.filter(({ file }) => positionals.length === 0 || positionals.includes(file))
  const { rows, problems } = judgeMutants(mutants, failedTests, known)
  console.log(values.json ? JSON.stringify(rows, null, 2) : formatTable(rows))
  for (const problem of problems) console.error(problem)
  return problems.length === 0 ? 0 : 1
}

function parseArguments(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    console.error(`${error.message}\n`)
    return undefined
  }
}

/** Every mutant has a number, by which it is switched on. */
function findAll(packageFolder, only) {
  const files = readdirSync(join(packageFolder, 'src')).filter((name) => /^[\w-]+\.ts$/.test(name))
  const chosen = only.length === 0 ? files : only
  return chosen
    .flatMap((file) => findMutants(file, readFileSync(join(packageFolder, 'src', file), 'utf8')))
    .map((mutant, id) => ({ ...mutant, id }))
}

/** Each mutant meets only the test files that come by it, the quickest first. */
async function runAll(packageFolder, { mutants, skippedTests }) {
  const names = readdirSync(join(packageFolder, 'src')).filter((name) => name.endsWith('.test.ts'))
  const copy = createCopy(packageFolder, mutants)
  try {
    const testFiles = names.filter((name) => !skippedTests.includes(name))
    console.error(`${mutants.length} mutants, ${testFiles.length} test files.`)
    const scouted = await scoutTests(copy.folder, testFiles)
    const plans = mutants.map(({ id }) => planFor(id, scouted)).filter((plan) => plan.testFiles.length > 0)
    return await runMutants(copy.folder, plans, reportProgress(plans.length))
  } finally {
    copy.remove()
  }
}

function planFor(id, scouted) {
  const reaching = scouted.filter(({ reached }) => reached.has(id))
  const isEarly = reaching.length === 0
  const chosen = isEarly ? scouted.filter(({ loaded }) => loaded.has(id)) : reaching
  return { id, isEarly, testFiles: chosen.map(({ testFile }) => testFile) }
}

function reportProgress(total) {
  let [done, survived] = [0, 0]
  return ({ failed }) => {
    done++
    if (failed.length === 0) survived++
    if (done % 50 === 0 || done === total) console.error(`${done} of ${total} run, ${survived} unnoticed so far.`)
  }
}
