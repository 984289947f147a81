import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PROGRAM = `
import { RefreshManager } from '@gonka/refresh'
const manager = new RefreshManager({
  source: { discover: async () => ({ epochId: 1, participants: [] }) },
  sink: { reconcile: () => ({ added: 0, removed: 0, updated: 0 }) },
})
manager.start(3_600_000)
process.stdout.write(String(manager.isRunning))
`

test('a started manager keeps no process alive', async () => {
  const run = promisify(execFile)
  const cwd = new URL('..', import.meta.url)
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', PROGRAM], { cwd, timeout: 30_000 })
  expect(stdout).toBe('true')
}, 40_000)
