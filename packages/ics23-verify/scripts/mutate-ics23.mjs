// Removes one check of the verifier at a time, and fails when no named test notices.
// Usage: node scripts/mutate-ics23.mjs [--json]
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findMutants } from './find-mutants.mjs'
import { runVariants } from './run-mutants.mjs'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(join(packageFolder, 'src')).filter((name) => /^[\w-]+\.ts$/.test(name))
const read = (file) => readFileSync(join(packageFolder, 'src', file), 'utf8')

const mutants = files.flatMap((file) => findMutants(file, read(file)))
const unchanged = { file: 'index.ts', source: read('index.ts') }
const [baseline, ...results] = runVariants(packageFolder, [unchanged, ...mutants])
if (baseline.ran === 0 || baseline.failed.length > 0) {
  throw new Error(`The tests must pass before anything is removed; failed: ${baseline.failed.join('; ') || 'none ran'}`)
}

const rows = mutants.map(({ source: _, ...mutant }, i) => ({ ...mutant, failedTests: results[i].failed }))
const survivors = rows.filter(({ failedTests }) => failedTests.length === 0)
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(rows, null, 2)}\n` : describe())
process.exitCode = survivors.length > 0 ? 1 : 0

function describe() {
  const lines = rows.map(({ file, line, check, becomes, failedTests }) => {
    const [first = 'SURVIVED'] = failedTests
    const more = failedTests.length > 1 ? ` (+${failedTests.length - 1})` : ''
    return `${`${file}:${line}`.padEnd(24)} ${check.slice(0, 60).padEnd(60)} -> ${becomes.padEnd(7)} ${first.slice(0, 90)}${more}`
  })
  return `${lines.join('\n')}\n${rows.length} mutants, ${survivors.length} survived.\n`
}
