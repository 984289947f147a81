/** @typedef {import('../list-packages.mjs').WorkspacePackage} WorkspacePackage */
/** @typedef {import('./read-changesets.mjs').Changeset} Changeset */

const RANK = { none: 0, patch: 1, minor: 2, major: 3 }

/** Says which version every public package should have after a release: a second opinion on what changesets does.
 * Packages with a changeset take its bump; packages whose dependency leaves the range they ask for follow with a patch; the
 * others keep their version, whatever else is released.
 * @param {readonly WorkspacePackage[]} packages - Public packages with their versions of now.
 * @param {readonly Changeset[]} changesets
 * @returns {Map<string, string>} Name to version. */
export function planRelease(packages, changesets) {
  const bumps = new Map(packages.map(({ name }) => [name, announcedBump(name, changesets)]))
  const versions = () =>
    new Map(packages.map(({ name, manifest }) => [name, bumpVersion(manifest.version, bumps.get(name))]))
  for (;;) {
    const next = versions()
    const followers = packages.filter((pkg) => bumps.get(pkg.name) === 'none' && isLeftBehind(pkg, packages, next))
    if (followers.length === 0) return next
    for (const { name } of followers) bumps.set(name, 'patch')
  }
}

function announcedBump(name, changesets) {
  const announced = changesets.map(({ bumps }) => bumps[name] ?? 'none')
  return announced.reduce((highest, bump) => (RANK[bump] > RANK[highest] ? bump : highest), 'none')
}

function isLeftBehind({ manifest }, packages, versions) {
  return packages.some(
    (dependency) =>
      manifest.dependencies?.[dependency.name] !== undefined &&
      !fitsCaret(dependency.manifest.version, versions.get(dependency.name)),
  )
}

/** @param {string} version - Three numbers. @param {'none' | 'patch' | 'minor' | 'major'} bump */
export function bumpVersion(version, bump) {
  const [major, minor, patch] = version.split('.').map(Number)
  if (bump === 'major') return `${major + 1}.0.0`
  if (bump === 'minor') return `${major}.${minor + 1}.0`
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : version
}

/** Whether the range `^from` takes a version that is not older: below 1.0.0 a minor is a new line, below 0.1.0 a patch is.
 * @param {string} from @param {string} version */
export function fitsCaret(from, version) {
  const [major, minor, patch] = from.split('.')
  if (major !== '0') return version.startsWith(`${major}.`)
  return minor !== '0' ? version.startsWith(`0.${minor}.`) : version === `0.0.${patch}`
}
