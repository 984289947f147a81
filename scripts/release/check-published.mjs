const WORKSPACE_ONLY = /^(workspace|catalog|link|file):/
const FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']

/** Compares what a registry offers with what should have been published to it.
 * @param {object} input
 * @param {string} input.registryUrl - With a slash at its end.
 * @param {ReadonlyMap<string, readonly string[]>} input.expected - All versions of every public package, oldest first.
 * @param {readonly string[]} input.privateNames - Must not be there.
 * @param {AbortSignal} [input.signal]
 * @returns {Promise<string[]>} One line per difference. */
export async function checkPublished({ registryUrl, expected, privateNames, signal }) {
  const fetchDocument = async (name) => {
    const response = await fetch(`${registryUrl}${name.replace('/', '%2f')}`, { signal })
    return response.status === 404 ? undefined : response.json()
  }
  const checks = [
    ...[...expected].map(async ([name, versions]) => checkDocument(name, versions, await fetchDocument(name))),
    ...privateNames.map(async (name) => ((await fetchDocument(name)) ? [`${name} is private, and was published`] : [])),
  ]
  return (await Promise.all(checks)).flat()
}

/** @param {string} name @param {readonly string[]} versions @param {Record<string, any> | undefined} document
 * @returns {string[]} */
export function checkDocument(name, versions, document) {
  if (document === undefined) return [`${name} was not published`]
  const published = Object.keys(document.versions)
  const latest = document['dist-tags']?.latest
  return [
    ...(published.join() === versions.join()
      ? []
      : [`${name}: expected ${versions.join(', ')}, the registry has ${published.join(', ')}`]),
    ...(latest === versions.at(-1) ? [] : [`${name}: latest is ${latest}, expected ${versions.at(-1)}`]),
    ...Object.values(document.versions).flatMap(checkRanges),
  ]
}

/** A range that only this repository understands cannot be installed by anybody. */
function checkRanges(manifest) {
  return FIELDS.flatMap((field) => Object.entries(manifest[field] ?? {}))
    .filter(([, range]) => WORKSPACE_ONLY.test(range))
    .map(([dependency, range]) => `${manifest.name}@${manifest.version} asks for ${dependency} "${range}"`)
}
