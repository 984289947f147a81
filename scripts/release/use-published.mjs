import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './run-command.mjs'

const CONSUMER = fileURLToPath(new URL('./consumer', import.meta.url))

/** What the program of a consumer prints when every request was answered. */
const EXPECTED_OUTPUT = { signed: 1, routed: 4 }

/** Installs the published packages with npm into a project of a stranger, and runs its program.
 * @param {object} options
 * @param {string} options.dir - Absolute path of the project; must not exist.
 * @param {string} options.registryUrl - Where our packages must come from, with a slash at its end.
 * @param {ReadonlyMap<string, string>} options.versions - The newest version of every public package.
 * @param {NodeJS.ProcessEnv} options.env - Names the registry.
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string[]>} One line per thing that is not as it should be.
 * @throws {Error} When npm or the program fails. */
export async function usePublished({ dir, registryUrl, versions, env, signal }) {
  cpSync(CONSUMER, dir, { recursive: true })
  await runCommand(['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: dir, env, signal })
  const lockfile = JSON.parse(readFileSync(join(dir, 'package-lock.json'), 'utf8'))
  const output = await runCommand([process.execPath, 'main.mjs'], { cwd: dir, env, signal })
  return [...checkInstalled(lockfile, { registryUrl, versions }), ...checkOutput(output)]
}

/** Every package of ours is there once, in its newest version, and from the registry that it was published to.
 * @param {{ packages: Record<string, { version: string, resolved?: string }> }} lockfile
 * @param {{ registryUrl: string, versions: ReadonlyMap<string, string> }} expected
 * @returns {string[]} */
export function checkInstalled(lockfile, { registryUrl, versions }) {
  return [...versions].flatMap(([name, version]) => {
    const copies = Object.entries(lockfile.packages).filter(([path]) => path.endsWith(`node_modules/${name}`))
    const [copy] = copies.map(([, entry]) => entry)
    if (copies.length !== 1) return [`${name} was installed ${copies.length} times instead of once`]
    if (copy.version !== version) return [`${name}: installed ${copy.version}, expected ${version}`]
    return copy.resolved?.startsWith(registryUrl) ? [] : [`${name} came from ${copy.resolved}`]
  })
}

function checkOutput(output) {
  const expected = JSON.stringify(EXPECTED_OUTPUT)
  return output.trim() === expected ? [] : [`the program printed ${output.trim()}, expected ${expected}`]
}
