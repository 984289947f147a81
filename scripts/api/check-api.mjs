import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listMajors, readPromise } from './history.mjs'
import { readApi } from './read-api.mjs'
import { formatApi, listRemoved, readSnapshot, snapshotPath } from './snapshot.mjs'

/** What became of one package's API. `added` and `gone` are lines that differ from the snapshot; `removed` are names that
 * users have and that are no more; `excused` when a major changeset says so.
 * @typedef {{ name: string, path: string, added: string[], gone: string[], removed: string[], excused: boolean }} ApiReport */

/** Compares a built package with its snapshot and with what its users have.
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg
 * @param {{ root: string, update?: boolean }} options - `update` writes the snapshot first.
 * @returns {ApiReport} */
export function checkApi(pkg, { root, update = false }) {
  const path = snapshotPath(pkg)
  const text = formatApi(readApi(pkg))
  if (update) write(join(root, path), text)
  const before = readSnapshot(path, root) ?? ''
  const promised = readPromise(pkg, path, root) ?? before
  return {
    name: pkg.name,
    path,
    added: linesOnlyIn(text, before),
    gone: linesOnlyIn(before, text),
    removed: listRemoved(promised, text),
    excused: listMajors(root).has(pkg.name),
  }
}

/** Whether the report lets a change through.
 * @param {ApiReport} report */
export function passes({ added, gone, removed, excused }) {
  return added.length === 0 && gone.length === 0 && (removed.length === 0 || excused)
}

/** Tells a reader what to do about a report that does not pass.
 * @param {ApiReport} report */
export function explain({ name, path, added, gone, removed, excused }) {
  const lines = []
  if (added.length + gone.length > 0) {
    lines.push(`${name}: the API is not what ${path} says. If it should change, run "npm run api" and review the diff.`)
    lines.push(...gone.map((line) => `  - ${line}`), ...added.map((line) => `  + ${line}`))
  }
  if (removed.length > 0 && !excused) {
    lines.push(`${name}: users have what is no more. Bring it back, or add a changeset that says "${name}": major.`)
    lines.push(...removed.map((one) => `  - ${one}`))
  }
  return lines.join('\n')
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Lines of one text that the other has fewer of; a line that only moved is in neither. */
function linesOnlyIn(text, other) {
  const counts = new Map()
  for (const line of other.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return text.split('\n').filter((line) => {
    const left = counts.get(line) ?? 0
    counts.set(line, left - 1)
    return left <= 0 && line !== ''
  })
}
