import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './run-command.mjs'

/** Clones the last commit of a working tree, with its history, without its tags and remotes: nothing done to the clone
 * can be pushed, and every tag found in it was made there.
 * @param {object} options
 * @param {string} options.root - Absolute path of the working tree.
 * @param {string} options.dir - Absolute path of the clone; must not exist.
 * @param {NodeJS.ProcessEnv} options.env - Without `GIT_*` variables that would point elsewhere.
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<{ commit: string, uncommittedCount: number }>} What was cloned, and how many changed files were left behind. */
export async function cloneRepository({ root, dir, env, signal }) {
  const git = (cwd, ...args) => runCommand(['git', ...args], { cwd, env, signal })
  const status = await git(root, 'status', '--porcelain')
  const isShallow = (await git(root, 'rev-parse', '--is-shallow-repository')).trim() === 'true'
  await git(root, 'clone', '--quiet', '--no-local', '--no-tags', root, dir)
  await git(dir, 'remote', 'remove', 'origin')
  if (isShallow) await startHistoryAnew(dir, git)
  const commit = (await git(dir, 'rev-parse', '--short', 'HEAD')).trim()
  return { commit, uncommittedCount: status.split('\n').filter(Boolean).length }
}

/** changesets looks for the commit that added each changeset and would try to fetch what a shallow history lacks. */
async function startHistoryAnew(dir, git) {
  rmSync(join(dir, '.git'), { recursive: true })
  await git(dir, 'init', '--quiet')
  await git(dir, 'add', '--all')
  await git(dir, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'chore(repo): snapshot')
}
