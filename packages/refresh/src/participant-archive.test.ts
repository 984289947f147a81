import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createFileParticipantStore } from './file-participant-store.ts'
import { setOf } from './fixtures/refresh-kit.ts'
import { createMemoryParticipantStore } from './memory-participant-store.ts'
import { createParticipantArchive } from './participant-archive.ts'
import { MAX_STORED_BYTES } from './stored-set.ts'
import type { ParticipantArchive, ParticipantArchiveOptions, ParticipantStore } from './types.ts'

function archiveOf(
  store: ParticipantStore,
  options: Partial<ParticipantArchiveOptions> = {},
): ParticipantArchive & { lines: string[] } {
  const lines: string[] = []
  const logger = { warn: (...args: unknown[]) => void lines.push(inspect(args)) }
  const archive = createParticipantArchive(store, { network: 'net', logger, now: () => 1_000, ...options })
  return { lines, load: (given) => archive.load(given), save: (set) => archive.save(set) }
}

async function createPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonka-participants-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'set.json')
}

describe.each([
  ['memory', async () => createMemoryParticipantStore()],
  ['a file', async () => createFileParticipantStore(await createPath())],
])('a store in %s', (_, create) => {
  test('is empty at first, and then holds the last set', async () => {
    const archive = archiveOf(await create())
    expect(await archive.load()).toEqual({ set: undefined, problem: undefined })
    await archive.save(setOf(7, 3))
    await archive.save({ ...setOf(8, 2), sourceUrl: 'http://node1.example' })
    expect(await archive.load()).toEqual({
      set: {
        ...setOf(8, 2),
        network: 'net',
        storedAtMs: 1_000,
        sourceUrl: 'http://node1.example',
        trust: 'none',
        provenBy: undefined,
      },
      problem: undefined,
    })
    expect(archive.lines).toEqual([])
  })

  test('gives nothing to another network', async () => {
    const store = await create()
    await archiveOf(store).save(setOf(7))
    const { set, problem } = await archiveOf(store, { network: 'other' }).load()
    expect(set).toBeUndefined()
    expect(problem).toContain('is about another network, other sources or another trust')
  })
})

describe('a file', () => {
  test('belongs to its owner alone, and nothing else is left behind', async () => {
    const path = await createPath()
    const archive = archiveOf(createFileParticipantStore(path))
    for (const epochId of [1, 2, 3]) await archive.save(setOf(epochId))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(path, '..'))).toEqual(['set.json'])
  })

  test.each([
    [
      'cut in half',
      (path: string, size: number) => truncate(path, size / 2),
      /has \d+ characters that are no stored set/,
    ],
    ['empty', (path: string) => truncate(path, 0), /has 0 characters that are no stored set/],
    ['of zeros', (path: string, size: number) => writeFile(path, Buffer.alloc(size)), /no stored set/],
    ['that is no text', (path: string) => writeFile(path, Buffer.from([0xff, 0xfe, 0x80])), /no stored set/],
    [
      'huge',
      (path: string) => truncate(path, MAX_STORED_BYTES + 1),
      /could not be read: participantStore has 16777217 bytes/,
    ],
  ])('%s is not used; the problem names it, and the next set replaces it', async (_, damage, expected) => {
    const path = await createPath()
    const archive = archiveOf(createFileParticipantStore(path))
    await archive.save(setOf(7))
    await damage(path, (await stat(path)).size)
    const { set, problem } = await archive.load()
    expect(set).toBeUndefined()
    expect(problem).toMatch(expected)
    expect(problem).toContain(`participantStore ${path} `)
    expect(problem).toContain('The next list of a source replaces it.')
    await archive.save(setOf(8))
    expect(await archive.load()).toMatchObject({ set: { epochId: 8 } })
  })

  test('that is a folder can be neither read nor written, says so, and leaves no draft', async () => {
    const path = await createPath()
    await mkdir(path)
    const archive = archiveOf(createFileParticipantStore(path))
    await archive.save(setOf(7))
    expect(archive.lines).toEqual([expect.stringContaining('could not be stored (EISDIR)')])
    expect((await archive.load()).problem).toContain('could not be read: participantStore is not a regular file.')
    expect(await readdir(join(path, '..'))).toEqual(['set.json'])
  })

  test('in a folder that is missing is an empty store that cannot be written', async () => {
    const archive = archiveOf(createFileParticipantStore(join(await createPath(), 'missing', 'set.json')))
    await archive.save(setOf(7))
    expect(archive.lines).toEqual([expect.stringContaining('could not be stored (ENOENT)')])
    expect(await archive.load()).toEqual({ set: undefined, problem: undefined })
  })

  test('whose writer died in the middle holds the set before', async () => {
    const path = await createPath()
    const archive = archiveOf(createFileParticipantStore(path))
    await archive.save(setOf(7))
    const text = await readFile(path, 'utf8')
    await writeFile(`${path}.1-0.tmp`, text.slice(0, 40))
    expect(await archive.load()).toMatchObject({ set: { epochId: 7 } })
  })

  test('needs a path', () => {
    for (const path of ['', undefined, 5]) {
      expect(() => createFileParticipantStore(path as string)).toThrow(
        expect.objectContaining({ name: 'GonkaConfigError', code: 'config-invalid', field: 'participantStore' }),
      )
    }
  })

  test('needs a platform that has files', () => {
    onTestFinished(() => void vi.unstubAllGlobals())
    vi.stubGlobal('process', undefined)
    expect(() => createFileParticipantStore('/tmp/set.json')).toThrow('without node:fs')
  })
})

describe('a store that', () => {
  const secret = (): never => {
    throw new TypeError('token=hunter2')
  }

  test.each([
    ['throws', secret],
    ['rejects', async () => secret()],
  ])('%s is contained, and none of its words are repeated', async (_, fail) => {
    const archive = archiveOf({ load: fail, save: fail })
    await archive.save(setOf(7))
    const { set, problem } = await archive.load()
    expect([set, problem]).toEqual([
      undefined,
      'participantStore could not be read. The next list of a source replaces it.',
    ])
    expect(archive.lines).toEqual([expect.stringContaining('the participants could not be stored')])
    expect(archive.lines.join() + problem).not.toContain('hunter2')
  })

  test('hangs is given up, and is not written to while it hangs', async () => {
    const save = vi.fn(() => new Promise<void>(() => undefined))
    const archive = archiveOf({ load: () => new Promise(() => undefined), save }, { timeoutMs: 5 })
    expect((await archive.load()).problem).toContain('could not be read: the store did not answer within 5 ms')
    await archive.save(setOf(7))
    await archive.save(setOf(8))
    expect(save).toHaveBeenCalledTimes(1)
    expect(archive.lines[0]).toContain('did not answer within 5 ms')
    expect(archive.lines[1]).toContain('still busy with the set before')
  })

  test('hangs is not waited for once the caller aborts', async () => {
    const archive = archiveOf({ load: () => new Promise(() => undefined), save: async () => undefined })
    const controller = new AbortController()
    const loading = archive.load({ signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(loading).rejects.toThrow('changed my mind')
  })

  test.each([5, null, {}, ['text']])('gives %j is not used', async (given) => {
    const archive = archiveOf({ load: async () => given as never, save: async () => undefined })
    expect(await archive.load()).toMatchObject({ set: undefined, problem: expect.stringContaining('not the text') })
  })
})

test('a set that is too long is not stored, and the one before stays', async () => {
  const store = createMemoryParticipantStore()
  const archive = archiveOf(store)
  await archive.save(setOf(7, 1))
  const [one] = setOf(8, 1).participants
  const models = Array.from({ length: 17 }, (_, index) => `${index}`.padEnd(1024 * 1024, 'm'))
  await archive.save({ epochId: 8, participants: [{ ...one, models } as never] })
  expect(archive.lines).toEqual([expect.stringContaining('takes more than 16777216 bytes')])
  expect(await archive.load()).toMatchObject({ set: { epochId: 7 } })
})

test('a logger that throws harms nobody', async () => {
  const warn = (): never => {
    throw new Error('full disk')
  }
  const save = async () => Promise.reject(new Error('no'))
  const archive = archiveOf({ load: async () => undefined, save }, { logger: { warn } })
  await expect(archive.save(setOf(7))).resolves.toBeUndefined()
})
