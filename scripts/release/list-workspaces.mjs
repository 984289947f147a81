import { listPackages, ROOT } from '../list-packages.mjs'

/** Lists every workspace of a repository, those in folders of the root included.
 * @param {string} root - Absolute path of the repository.
 * @returns {import('../list-packages.mjs').WorkspacePackage[]} */
export function listWorkspaces(root = ROOT) {
  return listPackages(root, ['packages', 'apps', '.'])
}

/** Lists the workspaces that are published.
 * @param {string} root - Absolute path of the repository.
 * @returns {import('../list-packages.mjs').WorkspacePackage[]} */
export function listPublished(root = ROOT) {
  return listWorkspaces(root).filter(({ manifest }) => manifest.private !== true)
}
