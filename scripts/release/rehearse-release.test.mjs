import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../list-packages.mjs'
import { makeFolder } from './fixtures.mjs'

const SCRIPT = fileURLToPath(new URL('../rehearse-release.mjs', import.meta.url))
const CHECK = fileURLToPath(new URL('./check-publishable.mjs', import.meta.url))
const run = (script, ...args) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })

test('--help names the arguments and ends with 0; a wrong argument ends with 2 and says what is wrong', () => {
  const help = run(SCRIPT, '--help')
  assert.equal(help.status, 0)
  for (const option of ['--json', '--keep', '--budget']) assert.ok(help.stdout.includes(option))
  const unknown = run(SCRIPT, '--publish')
  assert.equal(unknown.status, 2)
  assert.match(unknown.stderr, /--publish/)
  const budget = run(SCRIPT, '--budget', 'soon')
  assert.equal(budget.status, 2)
  assert.match(budget.stderr, /got soon/)
})

const skip = process.platform === 'win32' || !existsSync(join(ROOT, '.git')) ? 'needs git and signals' : false

test('Ctrl-C in the middle leaves nothing behind and ends with 130', { skip }, async (t) => {
  const { code, left, stdout } = await stopAfter(makeFolder(t), { text: 'install verdaccio …', signal: 'SIGINT' })
  assert.equal(code, 130, stdout)
  assert.deepEqual(left, [])
})

test('a budget that is too small ends with 1, says so, and leaves nothing behind', { skip }, async (t) => {
  const { code, left, stderr } = await stopAfter(makeFolder(t), { args: ['--budget', '0.05'] })
  assert.equal(code, 1)
  assert.match(stderr, /0\.05 s were not enough/)
  assert.deepEqual(left, [])
})

/** Runs the rehearsal with a temporary folder of its own and sends a signal once it has said `text`. */
async function stopAfter(dir, { args = [], text, signal }) {
  const child = spawn(process.execPath, [SCRIPT, ...args], { env: { ...process.env, TMPDIR: dir } })
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk
    if (text && stdout.includes(text)) child.kill(signal)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, stdout, stderr, left: readdirSync(dir) }
}

test('the check before publishing refuses an option that it does not know, instead of skipping what was meant', () => {
  const { status, stderr } = run(CHECK, '--provenence')
  assert.equal(status, 2)
  assert.match(stderr, /--provenence/)
})

test('the check before publishing passes or warns, and with --provenance ends with 1 while a repository is missing', () => {
  const { status, stdout, stderr } = run(CHECK)
  assert.equal(status, 0, stderr)
  const lacksRepository = stderr.includes('no "repository"')
  assert.match(stdout, /has what npm needs/)
  const strict = run(CHECK, '--provenance')
  assert.equal(strict.status, lacksRepository ? 1 : 0)
  if (lacksRepository) assert.match(strict.stderr, /error: no "repository".*\n.*releasing\.md/)
})
