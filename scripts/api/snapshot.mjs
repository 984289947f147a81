import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT } from '../list-packages.mjs'

/** Path of a package's snapshot below the repository.
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg */
export function snapshotPath(pkg) {
  return `api/${basename(pkg.dir)}.txt`
}

/** The snapshot that the repository holds; undefined when there is none.
 * @param {string} path - Below the repository. */
export function readSnapshot(path, root = ROOT) {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes an API as text: the names of each entry, one a line, then every declaration.
 * @param {import('./read-api.mjs').PackageApi} api */
export function formatApi({ name, entries, declarations }) {
  const lists = entries.map(({ entry, names }) => [`entry ${entry}`, ...names.map((one) => `  ${one}`)].join('\n'))
  return `${[name, ...lists, ...declarations].join('\n\n')}\n`
}

/** What a snapshot promises by name: exports as `entry name`, members of exported types as `Type.member`.
 * @param {string} text - What `formatApi` wrote.
 * @returns {string[]} */
function listNames(text) {
  const blocks = text.split(/\n\n(?=\S)/)
  const exports = blocks.flatMap(exportsOf)
  const exported = new Set(exports.map(({ name }) => name))
  const members = blocks.flatMap(membersOf).filter(({ type }) => exported.has(type))
  return [
    ...exports.map(({ entry, name }) => `${entry} ${name}`),
    ...members.map(({ type, name }) => `${type}.${name}`),
  ]
}

/** Names of `before` that `after` lacks.
 * @param {string} before
 * @param {string} after */
export function listRemoved(before, after) {
  const left = new Set(listNames(after))
  return listNames(before).filter((name) => !left.has(name))
}

function exportsOf(block) {
  const [, entry] = /^entry (.+)/.exec(block) ?? []
  if (entry === undefined) return []
  return [...block.matchAll(/^ {2}(\S+)$/gm)].map(([, name]) => ({ entry, name }))
}

function membersOf(block) {
  const [, type] = /^(?:abstract )?(?:class|interface|type) (\w+)/.exec(block) ?? []
  if (type === undefined) return []
  return [...block.matchAll(MEMBER)].map(([, name]) => ({ type, name }))
}

const MEMBER = /^ {4}(?:(?:readonly|static|abstract|override|get|set) )*([\w$]+|\[[^\]]+\])\??[:(<;]/gm
