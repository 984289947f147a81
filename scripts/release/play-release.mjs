import { join } from 'node:path'
import { checkPublished } from './check-published.mjs'
import { checkRelease } from './check-release.mjs'
import { listPublished, listWorkspaces } from './list-workspaces.mjs'
import { planRelease } from './plan-release.mjs'
import { readChangesets } from './read-changesets.mjs'
import { runCommand } from './run-command.mjs'
import { usePublished } from './use-published.mjs'

/** Where a release is played.
 * @typedef {object} Stage
 * @property {string} dir - Absolute folder of the whole rehearsal.
 * @property {string} cloneDir - Absolute path of the repository's clone.
 * @property {string} registryUrl - With a slash at its end.
 * @property {NodeJS.ProcessEnv} env - Reaches no other registry with our names.
 * @property {AbortSignal} signal
 * @property {<T>(name: string, work: () => Promise<T>) => Promise<T>} step - Runs and times a named part. */

/** Plays one release as the workflow does it: versions and changelogs, build, publish; then uses what was published.
 * @param {Stage} stage
 * @param {object} release
 * @param {string} release.name
 * @param {ReadonlyMap<string, readonly string[]>} release.published - All versions so far of every public package.
 * @param {string} [release.brokenOffAfter] - Published alone first, as if an earlier run had died after it.
 * @returns {Promise<Map<string, readonly string[]>>} The same with this release's versions.
 * @throws {Error} When anything differs from what the changesets announced. */
export async function playRelease(stage, { name, published, brokenOffAfter }) {
  const { step, cloneDir, registryUrl, signal } = stage
  const run = (...command) => runCommand(command, { cwd: cloneDir, env: stage.env, signal })
  const plan = await step(`${name}: version`, () => versionPackages(stage, run))
  await step(`${name}: build`, () => run('turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'))
  if (brokenOffAfter) await step(`${name}: publish one, break off`, () => publishAlone(stage, brokenOffAfter))
  await step(`${name}: publish`, () => run('changeset', 'publish'))
  await step(`${name}: tag`, () => run('changeset', 'tag'))
  const expected = new Map([...plan].map(([pkg, version]) => [pkg, withVersion(published.get(pkg) ?? [], version)]))
  await step(`${name}: check the registry`, async () => {
    const privateNames = listWorkspaces(cloneDir)
      .map((pkg) => pkg.name)
      .filter((pkg) => !plan.has(pkg))
    const isNew = ([pkg, version]) => !published.get(pkg)?.includes(version)
    const tags = [...plan].filter(isNew).map(([pkg, version]) => `${pkg}@${version}`)
    refuse([
      ...(await checkPublished({ registryUrl, expected, privateNames, signal })),
      ...checkTags(tags, await run('git', 'tag', '--points-at', 'HEAD')),
    ])
  })
  const dir = join(stage.dir, `consumer-${name}`)
  const use = () => usePublished({ dir, registryUrl, versions: plan, env: stage.env, signal })
  await step(`${name}: install and use`, async () => refuse(await use()))
  return expected
}

/** Raises the versions, compares them with a plan made before, and commits them. */
async function versionPackages({ cloneDir }, run) {
  const before = listWorkspaces(cloneDir)
  const changesets = readChangesets(cloneDir)
  const plan = planRelease(listPublished(cloneDir), changesets)
  await run('npm', 'run', 'version')
  refuse(checkRelease({ before, after: listWorkspaces(cloneDir), plan, changesets }))
  await run('git', 'add', '--all')
  await run('git', 'commit', '--quiet', '--allow-empty', '--message', 'chore(repo): version packages')
  return plan
}

async function publishAlone({ cloneDir, env, signal }, name) {
  const { dir } = listPublished(cloneDir).find((pkg) => pkg.name === name)
  await runCommand(['pnpm', 'publish', '--no-git-checks', '--access', 'public'], { cwd: dir, env, signal })
}

function withVersion(versions, version) {
  return versions.at(-1) === version ? versions : [...versions, version]
}

function checkTags(expected, output) {
  const tags = output.split('\n').filter(Boolean)
  const missing = expected.filter((tag) => !tags.includes(tag)).map((tag) => `tag ${tag} is missing`)
  return [...missing, ...tags.filter((tag) => !expected.includes(tag)).map((tag) => `tag ${tag} was not expected`)]
}

/** @param {readonly string[]} problems */
function refuse(problems) {
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
