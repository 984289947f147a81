import { readdirSync } from 'node:fs'
import { join, sep } from 'node:path'

const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])

/** Lists the repository's Markdown files, but changelogs and what begins with a dot.
 * @param {string} root - Absolute path of the repository.
 * @returns {string[]} Below `root`, sorted. */
export function listMarkdown(root) {
  return walk(root, '').sort()
}

function walk(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return []
    if (entry.isDirectory()) return walk(root, path)
    return entry.name.endsWith('.md') && entry.name !== 'CHANGELOG.md' ? [path.split(sep).join('/')] : []
  })
}
