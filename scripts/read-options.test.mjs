import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from './list-packages.mjs'

const COMMANDS = [
  'api-guard.mjs',
  'check-docs.mjs',
  'check-readmes.mjs',
  'docs/check-site.mjs',
  'rehearse-release.mjs',
  'release/check-publishable.mjs',
  'test-nodes.mjs',
]

const run = (command, option) =>
  spawnSync(process.execPath, [join(ROOT, 'scripts', command), option], { encoding: 'utf8' })

for (const command of COMMANDS) {
  test(`${command} says what it does and when it fails, and runs no check after a typing error`, () => {
    const help = run(command, '--help')
    assert.equal(help.status, 0)
    assert.match(help.stdout, /Exits with/)
    const wrong = run(command, '--hlep')
    assert.deepEqual([wrong.status, wrong.stdout], [2, ''])
    assert.match(wrong.stderr, /--hlep[\s\S]*Exits with/)
  })
}
