import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from './list-packages.mjs'

for (const version of ['v18.20.8', 'v20.18.3']) {
  test(`Node ${version} is refused before anything is installed`, () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`
    const args = ['--import', pretend, join(ROOT, 'scripts/bootstrap.mjs')]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: '' } })
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, new RegExp(`needs Node >=20.19; this is ${version}. Install a newer one`))
  })
}
