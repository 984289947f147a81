import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '')

/** A workspace package: absolute folder and parsed package.json.
 * @typedef {{ name: string, dir: string, manifest: Record<string, any> }} WorkspacePackage */

/** Lists the workspaces below `folders`, sorted by folder; folders without a package.json are passed over.
 * @param {string} root - Absolute path of the repository.
 * @param {readonly string[]} folders - Folders that hold one workspace per entry.
 * @returns {WorkspacePackage[]} */
export function listPackages(root = ROOT, folders = ['packages', 'apps']) {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .filter((dir) => existsSync(join(dir, 'package.json')))
    .sort()
    .map((dir) => {
      const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
      return { name: manifest.name, dir, manifest }
    })
}
