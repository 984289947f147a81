import { setImmediate } from 'node:timers/promises'
import { startDevnet } from '@gonka/devnet'
import { Router } from '@multiplexer/core/router'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startRelay } from './fixtures/source-relay.ts'
import { createMemoryParticipantStore, type RegisterGonkaModelsOptions, registerGonkaModels } from './index.ts'

const PUBLIC = ['93.184.216.34']

/** A network of nodes 1 and 2, at public names, whose list was stored, and whose source is down since. */
async function storeNames() {
  const devnet = await startDevnet({
    participants: [{}, { listed: false }, { listed: false }],
    seed: 'names',
    blockTimeMs: 0,
  })
  onTestFinished(() => devnet.stop())
  const names = ['good.example', 'evil.example']
  const list = names.map((name, at) => ({
    index: 1 + at,
    inferenceUrl: devnet.node(1 + at).url.replace('127.0.0.1', name),
  }))
  await devnet.nextEpoch({ leave: [0], list })
  const relay = await startRelay(devnet.node(0).url)
  const addresses: Record<string, readonly string[] | undefined> = { 'good.example': PUBLIC, 'evil.example': PUBLIC }
  const lookups: string[] = []
  const resolveHost = async (host: string): Promise<readonly string[]> => {
    lookups.push(host)
    return addresses[host] ?? Promise.reject(new Error('ENOTFOUND'))
  }
  const options: RegisterGonkaModelsOptions = {
    sourceUrl: relay.url,
    privateKey: devnet.account.privateKey,
    participantStore: createMemoryParticipantStore(),
    discovery: { retryCount: 0, resolveHost },
    env: {},
  }
  const register = async (change: RegisterGonkaModelsOptions = {}) => {
    const router = new Router()
    const result = await registerGonkaModels(router, { ...options, ...change })
    onTestFinished(() => result.refreshManager?.stop())
    return { ...result, members: Object.keys(router.getStats().members) }
  }
  await register()
  relay.target = undefined
  lookups.splice(0)
  const [, good, evil] = devnet.nodes.map(({ address }) => address)
  return { register, addresses, lookups, good, evil, options }
}

test.each([['127.0.0.1'], ['169.254.169.254'], ['::1'], ['fd00::1']])(
  'a stored participant whose name leads to %s by now is left out, and nobody else is',
  async (address) => {
    const { register, addresses, good, evil } = await storeNames()
    addresses['evil.example'] = [...PUBLIC, address]
    const { members, ...result } = await register()
    expect(result).toMatchObject({ stale: true, modelsRegistered: 1 })
    expect(members).toEqual([`gonka:${good}`])
    expect(result.rejected).toEqual([{ address: evil, reason: 'host-resolves-private', host: 'evil.example' }])
  },
)

test('stored participants stay when nobody can say where their names lead: a request would not get there either', async () => {
  const { register, addresses } = await storeNames()
  addresses['good.example'] = undefined
  addresses['evil.example'] = undefined
  expect(await register()).toMatchObject({ stale: true, modelsRegistered: 2, rejected: [] })
})

test('stored participants are waited for no longer than 5 s by a resolver that is silent', async () => {
  const { register, options } = await storeNames()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const asked: string[] = []
  const resolveHost = (host: string): Promise<never> => {
    asked.push(host)
    return new Promise(() => undefined)
  }
  const registering = register({ discovery: { ...options.discovery, resolveHost } })
  while (asked.length < 2) await setImmediate()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await registering).toMatchObject({ stale: true, modelsRegistered: 2, rejected: [] })
})

test('a stored set of which every name leads inside is not used, and the error says so', async () => {
  const { register, addresses } = await storeNames()
  for (const name of Object.keys(addresses)) addresses[name] = ['10.0.0.1']
  await expect(register()).rejects.toMatchObject({
    name: 'GonkaDiscoveryError',
    message: expect.stringContaining(
      'The stored participants cannot be used: participantStore names nobody at a public host',
    ),
  })
})

test('names of stored participants are not looked up when private hosts are allowed', async () => {
  const { register, addresses, lookups } = await storeNames()
  addresses['evil.example'] = ['127.0.0.1']
  expect(await register({ allowPrivateHosts: true })).toMatchObject({ stale: true, modelsRegistered: 2 })
  expect(lookups).toEqual([])
})

test('a resolver that gives no addresses is an error, not a pass', async () => {
  const { register, options } = await storeNames()
  const resolveHost = async () => [{ address: '127.0.0.1' }] as never
  await expect(register({ discovery: { ...options.discovery, resolveHost } })).rejects.toMatchObject({
    name: 'GonkaConfigError',
    field: 'resolveHost',
  })
})
