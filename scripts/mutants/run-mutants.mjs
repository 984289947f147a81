// Runs a package's tests against its mutants, in a copy outside of the repository. All mutants are in one copy, and a
// worker of its own switches one of them on: so the sources are read and translated once.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createVitest } from 'vitest/node'
import { SWITCH, switchMutants } from './switch-mutants.mjs'

/** Number of no mutant: nothing is switched on. */
const SCOUT = -1
/** A test that waits for what a mutant never gives is a test that fails. */
const TEST_TIMEOUT_MS = 20_000
/** Longer than any worker takes: a mutant that never ends must not hold up the others for ever. */
const STALL_MS = 120_000

/** What a worker found out about its mutant.
 * @typedef {{ name: string, failed: string[], ran: number, durationMs: number }} Outcome */

/** Prepares a copy of a package.
 * @param {string} packageFolder - Only read.
 * @param {(import('./find-mutants.mjs').Mutant & { id: number })[]} mutants - Of the files directly in `src`.
 * @returns A copy to run tests in; `remove` it in the end. */
export function createCopy(packageFolder, mutants) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mutants-')))
  symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'))
  cpSync(join(packageFolder, 'package.json'), join(folder, 'package.json'))
  cpSync(join(packageFolder, 'src'), join(folder, 'src'), { recursive: true })
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const path = join(folder, 'src', file)
    const own = mutants.filter((mutant) => mutant.file === file)
    writeFileSync(path, switchMutants(readFileSync(path, 'utf8'), own))
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Runs each test file on its own with everything intact, to see how long it takes and which mutants it would meet.
 * @param {string} folder - A copy.
 * @param {readonly string[]} testFiles - Names in `src`.
 * @returns {Promise<(Outcome & { testFile: string, reached: Set<number>, loaded: Set<number> })[]>} The quickest first;
 * `reached` by a test, `loaded` before the first.
 * @throws {Error} When a test fails with nothing taken out. */
export async function scoutTests(folder, testFiles) {
  const entries = testFiles.map((file) => ({ name: file.replace('.test.ts', ''), testFiles: [file], id: SCOUT }))
  const outcomes = await runEntries(folder, entries)
  const failed = outcomes.flatMap((outcome) => outcome.failed)
  if (outcomes.length < testFiles.length || failed.length > 0) {
    throw new Error(
      `The tests must pass before anything is taken out; failed: ${failed.join('; ') || 'some never ran'}`,
    )
  }
  return outcomes
    .map((outcome) => ({ ...outcome, ...readReached(folder, outcome.name), testFile: `${outcome.name}.test.ts` }))
    .sort((a, b) => a.durationMs - b.durationMs)
}

/** A file whose tests are all skipped leaves nothing behind. */
function readReached(folder, name) {
  const path = reachedPath(folder, name)
  const { reached = [], loaded = [] } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return { reached: new Set(reached), loaded: new Set(loaded) }
}

function reachedPath(folder, name) {
  return join(folder, `${name}.reached.json`)
}

/** Runs tests with one mutant at a time switched on, up to the first that fails.
 * @param {string} folder - A copy.
 * @param {readonly { id: number, testFiles: readonly string[], isEarly: boolean }[]} plans - Which tests to run, in this
 * order; an early mutant is on while they load.
 * @param {(outcome: Outcome) => void} onOutcome - Called as they come.
 * @returns {Promise<Map<number, string[]>>} The tests that failed, by mutant; those that never ended have no entry. */
export async function runMutants(folder, plans, onOutcome) {
  const entries = plans.map((plan) => ({ ...plan, name: `mutant-${plan.id}` }))
  const outcomes = await runEntries(folder, entries, onOutcome)
  return new Map(outcomes.map(({ name, failed }) => [Number(name.slice('mutant-'.length)), failed]))
}

async function runEntries(folder, entries, onOutcome = () => {}) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.entry.ts'))) rmSync(join(folder, name))
  for (const entry of entries) writeFileSync(join(folder, `${entry.name}.entry.ts`), entryOf(folder, entry))
  const outcomes = []
  const watch = watchProgress()
  const reporter = {
    onTestModuleStart: watch.begin,
    onTestModuleEnd(module) {
      watch.end(module)
      outcomes.push(outcomeOf(module))
      onOutcome(outcomes.at(-1))
    },
  }
  const vitest = await createVitest('test', {
    ...{ root: folder, config: false, include: ['*.entry.ts'], watch: false, reporters: [reporter] },
    ...{ pool: 'threads', maxWorkers: availableParallelism(), testTimeout: TEST_TIMEOUT_MS },
    // Whatever a mutant leaves behind belongs to it; the tests say whether that matters.
    dangerouslyIgnoreUnhandledErrors: true,
  })
  await Promise.race([vitest.start(), watch.stalled]).finally(watch.stop)
  await vitest.close()
  // Tests were meant to fail.
  process.exitCode = 0
  return outcomes
}

/** A worker in an endless loop cannot be told to end, so the run ends and says which it was. */
function watchProgress() {
  const running = new Set()
  let [timer, fail] = []
  const stalled = new Promise((_, reject) => {
    fail = reject
  })
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(() => fail(new Error(`These never end: ${[...running].join(', ')}`)), STALL_MS)
  }
  return {
    stalled,
    stop: () => clearTimeout(timer),
    begin: (module) => again(running.add(nameOf(module))),
    end: (module) => again(running.delete(nameOf(module))),
  }
}

function outcomeOf(module) {
  const tests = [...module.children.allTests()]
  const failed = tests.filter((test) => test.result().state === 'failed').map(({ fullName }) => fullName)
  if (failed.length === 0 && module.errors().length > 0) failed.push(`cannot load: ${module.errors()[0].message}`)
  return { name: nameOf(module), failed, ran: tests.length, durationMs: module.diagnostic().duration }
}

function nameOf({ moduleId }) {
  return basename(moduleId, '.entry.ts')
}

/** Test files are loaded with everything intact, so that what they prepare is sound and a test says what is wrong. */
function entryOf(folder, { name, id, testFiles, isEarly }) {
  return `import { writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'

const reached = new Set()
const loaded = new Set()
let hasLoaded = false
let hasFailed = false
globalThis.${SWITCH} = (id) => {
  (hasLoaded ? reached : loaded).add(id)
  return id === ${id} && (hasLoaded || ${isEarly === true})
}
beforeAll(() => {
  hasLoaded = true
})
beforeEach(({ skip }) => skip(hasFailed))
afterEach(({ task }) => {
  hasFailed ||= task.result?.state === 'fail'
})
afterAll(() => {
  if (${id === SCOUT}) writeFileSync(${JSON.stringify(reachedPath(folder, name))}, JSON.stringify({ reached: [...reached], loaded: [...loaded] }))
})
${testFiles.map((file) => `await import('./src/${file}')`).join('\n')}
`
}
