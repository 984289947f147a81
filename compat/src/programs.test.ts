import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROGRAMS } from './programs.ts'
import { listEntries, listPublished } from './repository.ts'
import { type RunningNetwork, startNetwork } from './start-network.ts'

let running: RunningNetwork
beforeAll(async () => {
  running = await startNetwork()
})
afterAll(() => running[Symbol.asyncDispose]())

test('every entry of every published package has a program, and every program an entry', async () => {
  const entries = (await listPublished()).flatMap(listEntries)
  expect(PROGRAMS.map(({ entry }) => entry).sort()).toEqual(entries.sort())
  const files = readdirSync(new URL('./uses', import.meta.url))
  expect(files.sort()).toEqual(PROGRAMS.map(({ file }) => `${file}.ts`).sort())
})

test.each(PROGRAMS)('the program for $entry comes to its answer', async ({ file, answer }) => {
  const { use } = await import(`./uses/${file}.ts`)
  expect(await use(running.network)).toBe(answer)
})
