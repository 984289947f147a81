import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from './list-packages.mjs'

/** Runs a copy of `.ci/run` where npm and apt-get only write down how they were called. */
function runCi({ debianPackages, failOn = 'nothing' }) {
  const root = mkdtempSync(join(tmpdir(), 'ci-run-'))
  const log = join(root, 'calls')
  try {
    cpSync(join(ROOT, '.ci'), join(root, '.ci'), { recursive: true })
    if (debianPackages !== undefined) writeFileSync(join(root, '.ci', 'debian-packages'), debianPackages)
    mkdirSync(join(root, 'bin'))
    for (const name of ['npm', 'apt-get']) {
      const stub = join(root, 'bin', name)
      writeFileSync(stub, `#!/bin/sh\necho "${name} $*" >> '${log}'\n[ "$*" != '${failOn}' ]\n`)
      chmodSync(stub, 0o755)
    }
    const env = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}` }
    const { status } = spawnSync(join(root, '.ci', 'run'), { cwd: tmpdir(), env, encoding: 'utf8' })
    return { status, calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const skip = process.platform === 'win32'

test('CI runs the tests, then the longer suites, and leaves apt alone when no package is listed', { skip }, () => {
  assert.deepEqual(runCi({ debianPackages: '# none\n\n' }), { status: 0, calls: ['npm test', 'npm run test:all'] })
})

test('CI installs listed Debian packages before the tests', { skip }, () => {
  assert.deepEqual(runCi({ debianPackages: 'chromium\n  xvfb # a screen\n' }).calls, [
    'apt-get update',
    'apt-get install --yes --no-install-recommends chromium xvfb',
    'npm test',
    'npm run test:all',
  ])
})

test('CI stops with the failure of the tests', { skip }, () => {
  assert.deepEqual(runCi({ debianPackages: '', failOn: 'test' }), { status: 1, calls: ['npm test'] })
})
