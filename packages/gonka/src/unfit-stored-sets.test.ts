import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Router } from '@multiplexer/core/router'
import { describe, expect, test } from 'vitest'
import { answering, brokerAnswering, startServer } from './fixtures/scripted-server.ts'
import { createPath, names, optionsOf, register, rejectionOf, startNetwork } from './fixtures/stored-kit.ts'
import { createFileParticipantStore } from './index.ts'
import type { RegisterGonkaModelsOptions } from './types.ts'

describe('a stored set that does not fit is not used', () => {
  async function storeAndGoDown(options: RegisterGonkaModelsOptions = {}) {
    const network = await startNetwork()
    const path = await createPath()
    const all = { ...optionsOf(network), ...options, participantStore: createFileParticipantStore(path) }
    const { refreshManager } = await register(new Router(), all)
    await refreshManager?.stop()
    network.relay.target = undefined
    return { ...network, path, options: all }
  }

  test.each([
    ['cut off', async (path: string) => truncate(path, 100), 'it was cut off or edited'],
    ['empty', async (path: string) => truncate(path, 0), 'has 0 characters'],
    [
      'edited',
      async (path: string) => writeFile(path, (await readFile(path, 'utf8')).replace('127.0.0.1', '127.0.0.2')),
      'it was cut off or edited',
    ],
    [
      'of another format',
      async (path: string) => writeFile(path, '{"format":2}'),
      'has format 2; this version reads 1',
    ],
  ])('when it is %s: the error names the file, and the next list replaces it', async (_, damage, expected) => {
    const { devnet, relay, path, options } = await storeAndGoDown()
    await damage(path)
    const router = new Router()
    const error = await rejectionOf(register(router, options))
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-failed', statusCode: 503 })
    expect(error.message).toContain(expected)
    expect(error.message).toContain(path)
    expect(names(router)).toEqual([])
    relay.target = devnet.url
    expect(await register(router, options)).toMatchObject({ stale: false, modelsRegistered: 3 })
    relay.target = undefined
    expect(await register(new Router(), options)).toMatchObject({ stale: true })
  })

  test('with brokers beside it: they are used, and the reason is told', async () => {
    const { path, options } = await storeAndGoDown()
    await truncate(path, 50)
    const broker = await startServer(brokerAnswering(answering(200, {})))
    const brokers = [{ url: `${broker.url}/v1`, apiKey: 'key' }]
    const result = await register(new Router(), { ...options, brokers })
    expect(result).toMatchObject({ modelsRegistered: 1, participants: [], stale: false, storedAt: undefined })
    expect(result.discoveryError?.message).toContain(path)
  })

  const others: [string, RegisterGonkaModelsOptions][] = [
    ['of another chain', { chainId: 'other-chain' }],
    ['of other sources', { sourceUrls: ['http://127.0.0.1:1'] }],
    ['that is not proven, where proofs are required', { trust: 'first-use', chainId: 'gonka-devnet' }],
  ]

  test.each(others)('when it is %s', async (_, change) => {
    const { options } = await storeAndGoDown(change.trust ? { chainId: 'gonka-devnet' } : {})
    const error = await rejectionOf(register(new Router(), { ...options, ...change }))
    expect(error.message).toContain('is about another network, other sources or another trust')
  })

  test('when the configuration lets nobody of it take requests', async () => {
    const { options } = await storeAndGoDown()
    const error = await rejectionOf(register(new Router(), { ...options, allowPrivateHosts: false }))
    expect(error.message).toContain('names nobody whom the configuration lets take requests')
  })

  test('but for those whom the configuration lets take requests', async () => {
    const { devnet, options } = await storeAndGoDown()
    const { address } = devnet.node(1)
    const discovery = { ...options.discovery, transferAgents: [address.toUpperCase()] }
    expect(await register(new Router(), { ...options, discovery })).toMatchObject({
      stale: true,
      participants: [{ address }],
    })
  })
})

describe('a store that fails', () => {
  test('stops neither the registration nor the refresh, and is logged', async () => {
    const network = await startNetwork()
    const warnings: string[] = []
    const warn = (message: string): void => void warnings.push(message)
    const logger = { debug: () => undefined, info: () => undefined, warn, error: warn }
    const participantStore = createFileParticipantStore(join(await createPath(), 'missing', 'file'))
    const { refreshManager } = await register(new Router(), { ...optionsOf(network), participantStore, logger })
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true })
    const line = 'the participants could not be stored (ENOENT)'
    expect(warnings).toEqual([line, line])
  })

  test('leaves no draft when it succeeds', async () => {
    const network = await startNetwork()
    const path = await createPath()
    const participantStore = createFileParticipantStore(path)
    const { refreshManager } = await register(new Router(), { ...optionsOf(network), participantStore })
    for (let turn = 0; turn < 3; turn += 1) await refreshManager?.refreshNow()
    expect(await readdir(join(path, '..'))).toEqual(['participants.json'])
  })
})
