import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cloneRepository } from './clone-repository.mjs'
import { makeFolder, writeFiles } from './fixtures.mjs'
import { cleanEnvironment } from './isolate-environment.mjs'

const env = cleanEnvironment(process.env)
const git = (cwd, ...args) => execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim()

/** A repository with two commits. */
function makeRepository(t) {
  const root = join(makeFolder(t), 'origin')
  writeFiles(root, { 'a.txt': 'one' })
  git(join(root, '..'), 'init', '--quiet', 'origin')
  for (const text of ['one', 'two']) {
    writeFileSync(join(root, 'a.txt'), text)
    git(root, 'add', '--all')
    git(root, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', text)
  }
  return root
}

test('a clone has the last commit and its history, no tags, and nowhere to push to', async (t) => {
  const root = makeRepository(t)
  git(root, 'tag', '@x/a@0.1.0')
  const dir = join(root, '..', 'clone')
  const { commit, uncommittedCount } = await cloneRepository({ root, dir, env })
  assert.equal(commit, git(root, 'rev-parse', '--short', 'HEAD'))
  assert.equal(git(dir, 'rev-list', '--count', 'HEAD'), '2')
  assert.equal(git(dir, 'remote'), '')
  assert.equal(git(dir, 'tag'), '')
  assert.equal(uncommittedCount, 0)
})

test('what is not committed is left out and counted', async (t) => {
  const root = makeRepository(t)
  writeFiles(root, { 'b.txt': 'new', 'c.txt': 'new' })
  const dir = join(root, '..', 'clone')
  assert.equal((await cloneRepository({ root, dir, env })).uncommittedCount, 2)
  assert.equal(existsSync(join(dir, 'b.txt')), false)
})

test('a shallow checkout becomes a history of one commit that needs no fetching', async (t) => {
  const root = makeRepository(t)
  const shallow = join(root, '..', 'shallow')
  git(join(root, '..'), 'clone', '--quiet', '--depth', '1', `file://${root}`, 'shallow')
  const dir = join(root, '..', 'clone')
  await cloneRepository({ root: shallow, dir, env })
  assert.equal(git(dir, 'rev-parse', '--is-shallow-repository'), 'false')
  assert.equal(git(dir, 'rev-list', '--count', 'HEAD'), '1')
  assert.equal(git(dir, 'status', '--porcelain'), '')
})
