import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkManifests } from './check-manifests.mjs'
import { cloneRepository } from './clone-repository.mjs'
import { cleanEnvironment, isolateEnvironment } from './isolate-environment.mjs'
import { listPublished, listWorkspaces } from './list-workspaces.mjs'
import { playRelease } from './play-release.mjs'
import { runCommand } from './run-command.mjs'
import { installRegistry, startRegistry } from './start-registry.mjs'

/** The package that is released alone: several others depend on it, and it is the one that most users install alone. */
const SUBJECT = '@gonka/signer'

const RELEASES = [
  { name: 'first', announce: () => undefined },
  { name: 'breaking', announce: (version) => (version.startsWith('0.') ? 'minor' : 'major'), brokenOffAfter: SUBJECT },
  { name: 'patch', announce: () => 'patch' },
]

/** What a rehearsal came to.
 * @typedef {object} Rehearsal
 * @property {string} commit - The commit that was released.
 * @property {readonly string[]} releases - Their names.
 * @property {readonly import('./format-report.mjs').PackageRow[]} packages
 * @property {readonly { step: string, seconds: number }[]} steps
 * @property {readonly string[]} warnings */

/** Plays three releases of the repository's last commit into a registry on 127.0.0.1: all that waits, a breaking change of
 * the signer, which its dependants follow and which breaks off half-way, and a patch of the signer, which goes alone.
 * @param {object} options
 * @param {string} options.root - Absolute path of the repository, bootstrapped.
 * @param {string} options.dir - Absolute path of an empty folder; the caller removes it.
 * @param {AbortSignal} options.signal
 * @param {(line: string) => void} options.say - Told what happens, line by line.
 * @returns {Promise<Rehearsal>}
 * @throws {Error} Named after the step that failed; the signal's reason when aborted. */
export async function playRehearsal({ root, dir, signal, say }) {
  const { step, steps } = createSteps({ signal, say })
  const { errors, warnings } = checkManifests(listWorkspaces(root))
  if (errors.length > 0) throw new Error(`A package.json cannot be published:\n${errors.join('\n')}`)
  const installDir = await step('install verdaccio', () =>
    installRegistry({ cacheDir: join(root, 'node_modules', '.cache'), env: process.env, signal }),
  )
  const registry = await startRegistry({ installDir, storageDir: join(dir, 'registry') })
  try {
    const stage = { dir, cloneDir: join(dir, 'repository'), registryUrl: registry.url, signal, step }
    const clone = await step('clone and install', () => prepareClone({ ...stage, root }))
    if (clone.uncommittedCount > 0) warnings.push(`${clone.uncommittedCount} uncommitted files were left out`)
    const env = await createEnvironment(stage)
    const packages = await playReleases({ ...stage, env })
    return { commit: clone.commit, releases: RELEASES.map(({ name }) => name), packages, steps, warnings }
  } finally {
    await registry.stop()
  }
}

function createSteps({ signal, say }) {
  const steps = []
  const step = async (name, work) => {
    say(`${name} …`)
    const startedAtMs = performance.now()
    try {
      signal.throwIfAborted()
      return await work()
    } catch (cause) {
      throw new Error(`${name}: ${cause.message}`, { cause })
    } finally {
      steps.push({ step: name, seconds: (performance.now() - startedAtMs) / 1000 })
    }
  }
  return { step, steps }
}

/** Installs what the packages need to be built: the apps are released by nobody. */
async function prepareClone({ root, cloneDir, signal }) {
  const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
  if (!existsSync(pnpm)) throw new Error('pnpm is not installed; run `npm run bootstrap` first.')
  const clone = await cloneRepository({ root, dir: cloneDir, env: cleanEnvironment(process.env), signal })
  const filters = ['--filter', '.', '--filter', './packages/*']
  const install = ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only', '--loglevel=error']
  await runCommand([process.execPath, pnpm, ...install, ...filters], { cwd: cloneDir, signal })
  return clone
}

async function createEnvironment({ dir, cloneDir, registryUrl, signal }) {
  const configured = await runCommand(['npm', 'config', 'get', 'registry'], { cwd: cloneDir, signal })
  const names = listPublished(cloneDir).map(({ name }) => name)
  return isolateEnvironment(process.env, {
    dir,
    registryUrl,
    defaultRegistryUrl: configured.trim(),
    scopes: [...new Set(names.map((name) => name.split('/')[0]))],
    binDir: join(cloneDir, 'node_modules', '.bin'),
  })
}

async function playReleases(stage) {
  const rows = new Map()
  let published = new Map()
  for (const { name, announce, brokenOffAfter } of RELEASES) {
    announceChange(stage.cloneDir, announce)
    published = await playRelease(stage, { name, published, brokenOffAfter })
    for (const [pkg, versions] of published) rows.set(pkg, [...(rows.get(pkg) ?? []), versions.at(-1)])
  }
  return [...rows].sort().map(([name, versions]) => ({ name, versions, published: published.get(name) }))
}

function announceChange(cloneDir, announce) {
  const subject = listPublished(cloneDir).find(({ name }) => name === SUBJECT)
  const bump = announce(subject.manifest.version)
  if (bump === undefined) return
  const text = `---\n"${SUBJECT}": ${bump}\n---\n\nChanged nothing: this is a rehearsal of a ${bump} release.\n`
  writeFileSync(join(cloneDir, '.changeset', `rehearse-${bump}.md`), text)
}
