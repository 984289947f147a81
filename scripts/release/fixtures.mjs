// What the tests of this folder share.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes a folder that goes away with the test.
 * @param {import('node:test').TestContext} t
 * @returns {string} Its absolute path. */
export function makeFolder(t) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'release-test-')))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A workspace as `listWorkspaces` returns it; only its package.json counts.
 * @param {string} name
 * @param {Record<string, unknown>} [manifest]
 * @returns {import('../list-packages.mjs').WorkspacePackage} */
export function makeWorkspace(name, manifest = {}) {
  return {
    name,
    dir: join('/repository/packages', name.split('/').at(-1)),
    manifest: { name, version: '0.1.0', ...manifest },
  }
}

/** Writes files below a folder.
 * @param {string} dir
 * @param {Record<string, string>} files - Path to text. */
export function writeFiles(dir, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}
