// Runs a package's tests against its mutants, in a copy of the package. A worker of its own switches one of them on.
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { createVitest } from 'vitest/node'
import { ENTRY_END, readReached, SCOUT, writeEntries } from './mutant-copy.mjs'

/** A test that waits for what a mutant never gives is a test that fails. */
const TEST_TIMEOUT_MS = 20_000
/** Longer than any worker takes: a mutant that never ends must not hold up the others for ever. */
const STALL_MS = 120_000

/** What a worker found out about its mutant.
 * @typedef {{ name: string, failed: string[], ran: number, durationMs: number }} Outcome */

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

/** Runs tests with one mutant at a time switched on, up to the first that fails.
 * @param {string} folder - A copy.
 * @param {readonly { id: number, testFiles: readonly string[], isEarly: boolean }[]} plans - Which tests to run, in this
 * order; an early mutant is on while they load.
 * @param {(outcome: Outcome) => void} onOutcome - Called as they come.
 * @returns {Promise<Map<number, string[]>>} The tests that failed, by mutant.
 * @throws {Error} When a mutant never ends. */
export async function runMutants(folder, plans, onOutcome) {
  const entries = plans.map((plan) => ({ ...plan, name: `mutant-${plan.id}` }))
  const outcomes = await runEntries(folder, entries, onOutcome)
  return new Map(outcomes.map(({ name, failed }) => [Number(name.slice('mutant-'.length)), failed]))
}

async function runEntries(folder, entries, onOutcome = () => {}) {
  writeEntries(folder, entries)
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
    ...{ root: folder, config: false, include: [`*${ENTRY_END}`], watch: false, reporters: [reporter] },
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
  return basename(moduleId, ENTRY_END)
}
