// Runs the named tests against many variants of the sources at once, in copies outside of the repository.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'

// Tests that go over thousands of inputs: slow here, and a check must be missed by a test that names it.
const SKIPPED = [
  'random-bytes.test.ts',
  'corrupted-proofs.test.ts',
  'published-vectors.test.ts',
  'soundness.test.ts',
  'index.test.ts',
]
const TIMEOUT_MS = 20 * 60_000

const CONFIG = `export default {
  test: { include: ['*/src/**/*.test.ts'], isolate: false, testTimeout: 60_000, cache: false },
}
`

/** Runs the tests once per variant.
 * @param {string} packageFolder - The package; it is only read.
 * @param {{ file: string, source: string }[]} variants - In each, one file of `src` is replaced.
 * @returns {{ failed: string[], ran: number }[]} Per variant, the full names of the tests that failed. */
export function runVariants(packageFolder, variants) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ics23-mutants-')))
  try {
    symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
    writeFileSync(join(folder, 'vitest.config.mjs'), CONFIG)
    for (const [i, { file, source }] of variants.entries()) writeVariant({ packageFolder, folder, i, file, source })
    return collect(runVitest(packageFolder, folder), { folder, count: variants.length })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeVariant({ packageFolder, folder, i, file, source }) {
  const target = join(folder, String(i), 'src')
  mkdirSync(target, { recursive: true })
  cpSync(join(packageFolder, 'src'), target, { recursive: true, filter: (path) => !SKIPPED.includes(basename(path)) })
  writeFileSync(join(target, file), source)
}

function runVitest(packageFolder, folder) {
  const manifest = createRequire(join(packageFolder, 'package.json')).resolve('vitest/package.json')
  const report = join(folder, 'report.json')
  const parameters = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
  const { error, stderr } = spawnSync(process.execPath, [join(dirname(manifest), 'vitest.mjs'), ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 1024 ** 3,
  })
  if (error) throw new Error(`vitest did not finish: ${error.message}\n${stderr}`)
  return JSON.parse(readFileSync(report, 'utf8'))
}

function collect(report, { folder, count }) {
  const results = Array.from({ length: count }, () => ({ failed: [], ran: 0 }))
  for (const { name, assertionResults } of report.testResults) {
    const result = results[Number(relative(folder, name).split(sep)[0])]
    result.ran += assertionResults.length
    result.failed.push(...assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName))
  }
  return results
}
