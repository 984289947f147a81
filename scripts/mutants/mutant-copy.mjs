// A copy of a package outside of the repository: all of its mutants are in it, so that the sources are read and translated once.
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
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SWITCH, switchMutants } from './switch-mutants.mjs'

/** Number of no mutant: nothing is switched on. */
export const SCOUT = -1

/** How the names of the files end that a worker runs. */
export const ENTRY_END = '.entry.ts'

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

/** Writes what the workers of a run are to do, in place of what those of the run before did.
 * @param {string} folder - A copy.
 * @param {readonly { name: string, id: number, testFiles: readonly string[], isEarly?: boolean }[]} entries - Each switches
 * its mutant on, or none ({@link SCOUT}), and runs its tests up to the first that fails. */
export function writeEntries(folder, entries) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(ENTRY_END))) rmSync(join(folder, name))
  for (const entry of entries) writeFileSync(join(folder, entry.name + ENTRY_END), entryOf(folder, entry))
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

/** Reads which mutants a scout came by. A test file whose tests are all skipped leaves nothing behind.
 * @returns {{ reached: Set<number>, loaded: Set<number> }} `reached` by a test, `loaded` before the first. */
export function readReached(folder, name) {
  const path = reachedPath(folder, name)
  const { reached = [], loaded = [] } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return { reached: new Set(reached), loaded: new Set(loaded) }
}

function reachedPath(folder, name) {
  return join(folder, `${name}.reached.json`)
}
