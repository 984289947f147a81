import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFileParticipantStore } from './file-participant-store.ts'
import { createParticipantArchive } from './participant-archive.ts'

/** Saves one set after the other, each a good deal longer than a block of the disk. */
const PROGRAM = `
import { createFileParticipantStore, createParticipantArchive } from '@gonka/refresh'
const archive = createParticipantArchive(createFileParticipantStore(process.argv[1]), { network: 'net' })
const address = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'
for (let epochId = 1; ; epochId += 1) {
  const models = Array.from({ length: 20_000 }, (_, index) => 'model-' + index)
  const participant = { address, inferenceUrl: 'http://p.example', weight: 1, models, validatorKey: '', epochId }
  await archive.save({ epochId, participants: [participant] })
  if (epochId === 1) process.stdout.write('saved')
}
`

test('a process that is killed while it writes leaves a whole set', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gonka-killed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'set.json')
  const cwd = new URL('..', import.meta.url)
  for (let kill = 0; kill < 5; kill += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, path], { cwd })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const { set, problem } = await createParticipantArchive(createFileParticipantStore(path), { network: 'net' }).load()
    expect([problem, set?.participants[0]?.models.length]).toEqual([undefined, 20_000])
  }
}, 60_000)
