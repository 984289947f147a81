import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createFileTrustStore } from './file-trust-store.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { CHAIN_ID, HASH_101, TIME_101_MS, tell } from './fixtures/epoch-7.ts'
import { startServer } from './fixtures/server.ts'
import { formatTrustRecord } from './trust-record.ts'
import type { DiscoveryResult, EndpointDiscoveryOptions } from './types.ts'

async function createPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonka-trust-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'trust.json')
}

/** Discovers with everything new but the file, as after a restart. */
async function discover(path: string, options: EndpointDiscoveryOptions = {}): Promise<DiscoveryResult> {
  const { url: sourceUrl } = await startServer(tell())
  const { discovery } = createDiscovery({
    sourceUrl,
    chainId: CHAIN_ID,
    trust: 'first-use',
    trustStore: createFileTrustStore(path),
    now: () => TIME_101_MS,
    allowPrivateHosts: true,
    transferAgents: [],
    ...options,
  })
  return discovery.discover()
}

test('remembers across restarts, and leaves nothing else behind', async () => {
  const path = await createPath()
  await discover(path)
  const text = await readFile(path, 'utf8')
  expect(text).toContain('"epochId":7')
  expect(await readdir(join(path, '..'))).toEqual(['trust.json'])
  expect((await discover(path)).provenBy?.hash).toBe(HASH_101)
  expect(await readFile(path, 'utf8')).toBe(text)
})

describe('a file that is not what was written', () => {
  const damages: [string, (text: string) => string][] = [
    ['empty', () => ''],
    ['cut off', (text) => text.slice(0, -5)],
    ['cut in half', (text) => text.slice(0, text.length / 2)],
    ['with an epoch set back', (text) => text.replace('"epochId":7', '"epochId":1')],
    ['with another header', (text) => text.replace(/app_hash\\":\\"../, 'app_hash\\":\\"00')],
    ['of zeros', (text) => '\0'.repeat(text.length)],
    ['without a state', (text) => text.replace(/"state":".*?[^\\]"/, '"state":null')],
    ['of another program', () => '{"format":1}'],
    ['of a later version', (text) => text.replace('"format":1', '"format":2')],
  ]

  test.each(damages)('%s, is neither used nor taken for an empty one', async (_name, damage) => {
    const path = await createPath()
    await discover(path)
    const damaged = damage(await readFile(path, 'utf8'))
    await writeFile(path, damaged)
    const error = await rejectionOf(discover(path))
    expect(error).toMatchObject({ name: 'GonkaConfigError', code: 'trust-store-invalid', field: 'trustStore' })
    expect(error.message).toContain('Restore it, or remove it')
    expect(await readFile(path, 'utf8')).toBe(damaged)
  })

  test('by a single character, is noticed wherever it is', async () => {
    const path = await createPath()
    await discover(path)
    const text = await readFile(path, 'utf8')
    const store = createFileTrustStore(path)
    for (let at = 0; at < text.length - 1; at += 7) {
      await writeFile(path, `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`)
      const changed = await store.load()
      const trustStore = { load: async () => changed, save: async () => expect.unreachable() }
      expect(await rejectionOf(discover(path, { trustStore }))).toMatchObject({ code: 'trust-store-invalid' })
    }
  })
})

test('of another chain is refused', async () => {
  const path = await createPath()
  await discover(path)
  const error = await rejectionOf(discover(path, { chainId: 'gonka-sim-2' }))
  expect(error).toMatchObject({ code: 'trust-store-invalid' })
  expect(error.message).toContain('is about the chain "gonka-sim-1", chainId is "gonka-sim-2"')
})

describe('a store that fails', () => {
  test('on reading or writing is a clear error, and no source is asked for help', async () => {
    const path = join(await createPath(), 'missing', 'trust.json')
    expect(await rejectionOf(discover(path))).toMatchObject({ code: 'trust-store-invalid' })
    expect(await rejectionOf(discover(join(path, '..', '..', '..')))).toMatchObject({
      name: 'GonkaConfigError',
      field: 'trustStore',
      message: 'trustStore is not a regular file.',
    })
  })

  test('ends the search: the next source would find it no better', async () => {
    const { url, paths } = await startServer(tell())
    const path = join(await createPath(), '..')
    await rejectionOf(discover(path, { sourceUrls: [url] }))
    expect(paths).toEqual([])
  })

  test('on writing leaves no draft behind', async () => {
    const folder = join(await createPath(), '..')
    await mkdir(join(folder, 'taken'))
    await expect(createFileTrustStore(join(folder, 'taken')).save('text')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['taken'])
  })

  test.each([5, null, {}, new Uint8Array(3)])('by giving %j is refused', async (given) => {
    const trustStore = { load: async () => given as never, save: async () => {} }
    expect(await rejectionOf(discover('unused', { trustStore }))).toMatchObject({ code: 'trust-store-invalid' })
  })

  test('by changing all the time is given up', async () => {
    let reads = 0
    const load = async (): Promise<string> => formatTrustRecord({ chainId: CHAIN_ID, epochId: reads++ % 5 })
    const error = await rejectionOf(discover('unused', { trustStore: { load, save: expect.unreachable } }))
    expect(error).toMatchObject({ code: 'trust-store-invalid', message: expect.stringContaining('keeps changing') })
  })
})

test('needs a path', () => {
  for (const path of ['', undefined, 5]) {
    expect(() => createFileTrustStore(path as string)).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', field: 'trustStore' }),
    )
  }
})

test('says so where there are no files', () => {
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubGlobal('process', undefined)
  expect(() => createFileTrustStore('/tmp/trust.json')).toThrow('without node:fs')
})
