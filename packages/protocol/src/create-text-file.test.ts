import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTextFile } from './create-text-file.ts'

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'text-file-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('keeps the last text, for its owner only, and nothing else', async () => {
  const folder = await createFolder()
  const file = createTextFile(join(folder, 'kept'), 'store')
  expect(await file.load()).toBeUndefined()
  await Promise.all(['one', 'two', 'three'].map((text) => file.save(text)))
  await file.save('last 🦁')
  expect(await createTextFile(file.location, 'store').load()).toBe('last 🦁')
  expect((await stat(file.location)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['kept'])
})

test("several stores of one file do not get into each other's way", async () => {
  const folder = await createFolder()
  const path = join(folder, 'kept')
  const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`)
  await Promise.all(texts.map((text) => createTextFile(path, 'store').save(text)))
  expect(texts).toContain(await createTextFile(path, 'store').load())
  expect(await readdir(folder)).toEqual(['kept'])
})

test.each([
  ['a folder', (path: string) => mkdir(path), 'store is not a regular file.'],
  [
    'more than 16 MiB',
    async (path: string) => {
      await writeFile(path, '')
      await truncate(path, 2 ** 24 + 1)
    },
    'store has 16777217 bytes, more than 16777216.',
  ],
])('does not read %s', async (_, prepare, message) => {
  const path = join(await createFolder(), 'kept')
  await prepare(path)
  await expect(createTextFile(path, 'store').load()).rejects.toMatchObject({
    name: 'GonkaConfigError',
    field: 'store',
    message,
  })
})

test('leaves no draft where it cannot write', async () => {
  const folder = await createFolder()
  await mkdir(join(folder, 'kept'))
  await expect(createTextFile(join(folder, 'kept'), 'store').save('text')).rejects.toMatchObject({ code: 'EISDIR' })
  expect(await readdir(folder)).toEqual(['kept'])
})
