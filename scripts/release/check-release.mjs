import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {import('../list-packages.mjs').WorkspacePackage} WorkspacePackage */
/** @typedef {import('./read-changesets.mjs').Changeset} Changeset */

/** Compares what `changeset version` wrote with what was announced.
 * @param {object} input
 * @param {readonly WorkspacePackage[]} input.before - Every workspace, read before.
 * @param {readonly WorkspacePackage[]} input.after - The same, read afterwards.
 * @param {ReadonlyMap<string, string>} input.plan - The version that every public package should have.
 * @param {readonly Changeset[]} input.changesets
 * @returns {string[]} One line per difference; empty when all is as it should be. */
export function checkRelease({ before, after, plan, changesets }) {
  const old = new Map(before.map(({ name, manifest }) => [name, manifest.version]))
  return after.flatMap((pkg) => {
    const { name, manifest } = pkg
    const expected = plan.get(name) ?? old.get(name)
    if (manifest.version !== expected) return [`${name}: expected version ${expected}, got ${manifest.version}`]
    if (!plan.has(name)) return checkPrivate(pkg)
    return expected === old.get(name) ? [] : checkChangelog(pkg, { plan, old, changesets })
  })
}

function checkPrivate({ name, dir }) {
  return existsSync(join(dir, 'CHANGELOG.md')) ? [`${name} is private, and got a changelog`] : []
}

/** The newest section holds the sentences of the package's own changesets, and the dependencies that moved with it. */
function checkChangelog({ name, dir, manifest }, { plan, old, changesets }) {
  const path = join(dir, 'CHANGELOG.md')
  const [title, ...sections] = existsSync(path) ? readFileSync(path, 'utf8').split(/^## /m) : ['']
  const section = sections[0] ?? ''
  const sentences = changesets.filter(({ bumps }) => bumps[name]).map(({ summary }) => summary.split('\n')[0])
  const moved = Object.keys(manifest.dependencies ?? {}).filter(
    (dependency) => plan.has(dependency) && plan.get(dependency) !== old.get(dependency),
  )
  const wanted = [...sentences, ...moved.map((dependency) => `${dependency}@${plan.get(dependency)}`)]
  return [
    ...(title.trim() === `# ${name}` ? [] : [`${name}: the changelog starts with "${title.trim()}"`]),
    ...(section.startsWith(`${manifest.version}\n`) ? [] : [`${name}: no changelog section ${manifest.version}`]),
    ...wanted.filter((text) => !section.includes(text)).map((text) => `${name}: the changelog lacks "${text}"`),
  ]
}
