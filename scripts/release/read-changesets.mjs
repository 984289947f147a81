import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one changeset announces.
 * @typedef {{ file: string, bumps: Record<string, Bump>, summary: string }} Changeset */
/** @typedef {'patch' | 'minor' | 'major'} Bump */

/** Reads the changesets that wait for the next release.
 * @param {string} root - Absolute path of the repository.
 * @returns {Changeset[]} Sorted by file.
 * @throws {Error} When a file is not a changeset. */
export function readChangesets(root) {
  const dir = join(root, '.changeset')
  return readdirSync(dir)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .map((file) => parseChangeset(file, readFileSync(join(dir, file), 'utf8')))
}

/** @param {string} file @param {string} text @returns {Changeset} */
export function parseChangeset(file, text) {
  const parts = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(text.replaceAll('\r\n', '\n'))
  if (!parts) throw new Error(`.changeset/${file}: expected a front matter between two lines of ---.`)
  const lines = parts[1].split('\n').filter((line) => line.trim())
  const bumps = Object.fromEntries(lines.map((line) => parseBump(file, line)))
  return { file, bumps, summary: parts[2].trim() }
}

function parseBump(file, line) {
  const match = /^(["']?)(.+)\1:\s*(patch|minor|major)$/.exec(line.trim())
  if (!match) throw new Error(`.changeset/${file}: expected "package": patch, minor or major; got ${line}`)
  return [match[2], match[3]]
}
