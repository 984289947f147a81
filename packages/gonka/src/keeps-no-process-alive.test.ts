import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startDevnet } from '@gonka/devnet'
import { expect, onTestFinished, test } from 'vitest'

const PROGRAM = `
import { Router } from '@multiplexer/core/router'
import { createFileParticipantStore, registerGonkaModels } from '@multiplexer/gonka'
const [path, sourceUrl] = process.argv.slice(1)
const { refreshManager, stale, participants } = await registerGonkaModels(new Router(), {
  sourceUrl,
  privateKey: '1'.padStart(64, '0'),
  brokers: [{ url: 'http://127.0.0.1:9/v1', apiKey: 'key', models: ['m'] }],
  participantStore: createFileParticipantStore(path),
  allowPrivateHosts: true,
  discovery: { retryCount: 0 },
  env: {},
})
process.stdout.write(JSON.stringify([refreshManager.isRunning, stale, participants.length]))
`

test('a registration keeps no process alive: with a source, with a stored set, and with neither', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gonka-alive-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const devnet = await startDevnet({ participants: 3, seed: 'alive' })
  onTestFinished(() => devnet.stop())
  const run = async (path: string): Promise<unknown> => {
    const options = { cwd: new URL('..', import.meta.url), timeout: 30_000 }
    const args = ['--input-type=module', '--eval', PROGRAM, join(folder, path), devnet.url]
    return JSON.parse((await promisify(execFile)(process.execPath, args, options)).stdout)
  }
  expect(await run('set.json')).toEqual([true, false, 3])
  await devnet.node(0).kill()
  expect(await run('set.json')).toEqual([true, true, 3])
  expect(await run('none.json')).toEqual([true, false, 0])
}, 90_000)
