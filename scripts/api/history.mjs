import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The snapshot that users have: as of the package's last version, or before the first one, of the snapshot's first commit.
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg
 * @param {string} path - Of the snapshot, below the repository.
 * @returns {string | undefined} Undefined without a history, as in an unpacked archive or before the first commit. */
export function readPromise(pkg, path, root) {
  const changelog = relative(root, join(pkg.dir, 'CHANGELOG.md'))
  const versioned = git(root, ['log', '-1', '--format=%H', '--', changelog])
  const first = git(root, ['log', '--diff-filter=A', '--format=%H', '--', path])?.split('\n').at(-1)
  const commit = versioned || first
  return commit ? git(root, ['show', `${commit}:./${path}`]) : undefined
}

/** Packages that a pending changeset gives a new major version.
 * @param {string} root - Of the repository.
 * @returns {Set<string>} */
export function listMajors(root) {
  const folder = join(root, '.changeset')
  const files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
  const heads = files.map((name) => /^---\n([\s\S]*?)\n---/.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? '')
  return new Set(
    heads.flatMap((head) => [...head.matchAll(/^["']?([^"':]+)["']?: *major *$/gm)].map(([, name]) => name)),
  )
}

function git(root, args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trimEnd()
  } catch {
    return undefined
  }
}
