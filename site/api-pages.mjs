import { formatReference, listAddresses, listPackages, ROOT, readReference } from './tools.mjs'

let pages

/** Reads the API pages of the published packages, once.
 * @returns {Map<string, string>} Markdown by the package's folder. */
export function readApiPages() {
  pages ??= createApiPages()
  return pages
}

function createApiPages() {
  const packages = listPackages(ROOT, ['packages']).filter(({ manifest }) => manifest.private !== true)
  const references = packages.map(readReference)
  const addresses = listAddresses(references)
  const folders = packages.map(({ dir }) => dir.slice(dir.lastIndexOf('/') + 1))
  return new Map(folders.map((folder, at) => [folder, formatReference(references[at], addresses)]))
}
