/** @typedef {import('../list-packages.mjs').WorkspacePackage} WorkspacePackage */

/** What stands in the way of publishing.
 * @typedef {{ errors: string[], warnings: string[] }} ManifestReport `errors` make a release wrong; `warnings` only stop
 *   npm from proving where it was built. */

/** Looks at every package.json for what npm needs to publish it and to attest its provenance.
 * @param {readonly WorkspacePackage[]} packages - All workspaces.
 * @returns {ManifestReport} */
export function checkManifests(packages) {
  const workspaceNames = new Set(packages.map(({ name }) => name))
  const privateNames = new Set(packages.filter(({ manifest }) => manifest.private).map(({ name }) => name))
  const published = packages.filter(({ name }) => !privateNames.has(name))
  return {
    errors: published.flatMap(({ name, manifest }) => [
      ...checkFields(name, manifest),
      ...checkDependencies(name, manifest, { workspaceNames, privateNames }),
    ]),
    warnings: checkRepositories(published),
  }
}

function checkFields(name, manifest) {
  const problems = []
  if (!/^\d+\.\d+\.\d+$/.test(manifest.version))
    problems.push(`${name}: version ${manifest.version} is not three numbers`)
  if (typeof manifest.license !== 'string') problems.push(`${name}: no license`)
  if (!name.startsWith('@')) problems.push(`${name}: published names need one of our scopes`)
  else if (manifest.publishConfig?.access !== 'public') problems.push(`${name}: publishConfig.access is not public`)
  if (manifest.publishConfig?.registry)
    problems.push(`${name}: publishConfig.registry would overrule the registry of a rehearsal`)
  return problems
}

/** A peer on a workspace would make every minor of it a major here; a private dependency cannot be installed. */
function checkDependencies(name, manifest, { workspaceNames, privateNames }) {
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => workspaceNames.has(peer))
  const hidden = Object.keys(manifest.dependencies ?? {}).filter((dependency) => privateNames.has(dependency))
  return [
    ...peers.map(
      (peer) => `${name}: ${peer} is a peer; changesets raises the major of whatever has a workspace as peer`,
    ),
    ...hidden.map((dependency) => `${name}: depends on ${dependency}, which is private`),
  ]
}

/** npm compares `repository` with the repository that the build ran for, and refuses provenance when they differ. */
function checkRepositories(packages) {
  const without = packages.filter(({ manifest }) => typeof manifest.repository?.url !== 'string')
  const misplaced = packages.filter(
    (pkg) => !without.includes(pkg) && pkg.manifest.repository.directory !== folderOf(pkg),
  )
  const named = without.map(({ name }) => name).join(', ')
  return [
    ...(without.length > 0 ? [`no "repository" with a url, so npm refuses provenance: ${named}`] : []),
    ...misplaced.map((pkg) => `${pkg.name}: repository.directory is not ${folderOf(pkg)}`),
  ]
}

function folderOf({ dir }) {
  return dir.split(/[/\\]/).slice(-2).join('/')
}
