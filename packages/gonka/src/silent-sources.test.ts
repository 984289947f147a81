import { type Devnet, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { Router } from '@multiplexer/core/router'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type SourceRelay, startRelay } from './fixtures/source-relay.ts'
import { createMemoryParticipantStore } from './index.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

const CALL = { model: 'sim/model-a', messages: [{ role: 'user' as const, content: 'Hello' }] }

afterEach(() => void vi.useRealTimers())

interface Network {
  readonly devnet: Devnet
  readonly relays: readonly SourceRelay[]
  readonly options: RegisterGonkaModelsOptions
}

/** A network whose list was stored; discovery has its own limits. */
async function storeFirst(
  sourceCount = 1,
  change: (devnet: Devnet) => RegisterGonkaModelsOptions = () => ({}),
): Promise<Network> {
  const devnet = await startDevnet({ participants: 3, seed: 'silent', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const relays = await Promise.all(Array.from({ length: sourceCount }, () => startRelay(devnet.url)))
  const options = {
    sourceUrls: relays.map(({ url }) => url),
    privateKey: devnet.account.privateKey,
    allowPrivateHosts: true,
    participantStore: createMemoryParticipantStore(),
    env: {},
    random: () => 0.5,
    sleep: async () => undefined,
    ...change(devnet),
  }
  await register(new Router(), options)
  return { devnet, relays, options }
}

async function register(
  pool: Router | Multiplexer,
  options: RegisterGonkaModelsOptions,
): Promise<GonkaRegistrationResult> {
  const result = await registerGonkaModels(pool, options)
  onTestFinished(() => result.refreshManager?.stop())
  return result
}

/** Runs a start, and lets so much time pass each time a source has left a request unanswered: nothing else is under way then.
 * @returns What came of it, and how much time has passed. */
async function startInTime(network: Network, stepMs: number, pool: Router | Multiplexer = new Router()) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let settled = false
  const outcome = register(pool, network.options)
    .then(
      (result) => ({ result, error: undefined }),
      (error: Error) => ({ result: undefined, error }),
    )
    .finally(() => {
      settled = true
    })
  const unanswered = (): number => network.relays.reduce((sum, relay) => sum + relay.unanswered, 0)
  const before = unanswered()
  let steps = 0
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve))
    if (unanswered() - before === steps) continue
    steps += 1
    await vi.advanceTimersByTimeAsync(stepMs)
  }
  vi.useRealTimers()
  return { ...(await outcome), tookMs: steps * stepMs }
}

function silence({ relays }: Network): void {
  for (const relay of relays) relay.isSilent = true
}

describe('a restart while every source is silent', () => {
  test('serves from the stored set after 10 s, and takes the next list', async () => {
    const network = await storeFirst()
    const [relay] = network.relays
    silence(network)
    const mux = new Multiplexer()
    const { result, tookMs } = await startInTime(network, 10_000, mux)
    expect(tookMs).toBe(10_000)
    expect(result).toMatchObject({ stale: true, modelsRegistered: 3, discoveryError: { code: 'discovery-timeout' } })
    expect(result?.discoveryError?.message).toBe(
      `${relay?.url} did not answer within 10000 ms, its share of the time for this call.`,
    )
    expect((await mux.chat.completions.create(CALL)).choices).toHaveLength(1)

    if (relay) relay.isSilent = false
    expect(result?.refreshManager).toMatchObject({ isRunning: true, isStale: true })
    expect(await result?.refreshManager?.refreshNow()).toMatchObject({ success: true })
    expect(result?.refreshManager?.isStale).toBe(false)
  })

  test('waits no longer for several of them, and as long as it is told', async () => {
    const network = await storeFirst(3, () => ({ startTimeoutMs: 600 }))
    silence(network)
    const { result, tookMs } = await startInTime(network, 200)
    expect([tookMs, result?.stale]).toEqual([600, true])
    expect(network.relays.map(({ unanswered }) => unanswered)).toEqual([1, 1, 1])
  })

  test('gives a stored set that cannot be used no time: the sources have all their retries', async () => {
    const network = await storeFirst()
    await network.options.participantStore?.save('cut off')
    silence(network)
    const { error, tookMs } = await startInTime(network, 30_000)
    expect(tookMs).toBe(4 * 30_000)
    expect(error?.message).toContain('No source gave a usable answer in 4 attempts')
    expect(error?.message).toContain('it was cut off or edited')
  })

  test.each([0, -1, 0.5, Number.NaN, 2 ** 31])('a limit of %s is refused', async (startTimeoutMs) => {
    const { options } = await storeFirst()
    await expect(register(new Router(), { ...options, startTimeoutMs })).rejects.toMatchObject({
      name: 'GonkaConfigError',
      field: 'startTimeoutMs',
    })
  })
})

describe('a restart while some sources are silent', () => {
  test('takes the list of the next one', async () => {
    const network = await storeFirst(2)
    const [first, second] = network.relays
    if (first) first.isSilent = true
    const { result, tookMs } = await startInTime(network, 5_000)
    expect(tookMs).toBe(5_000)
    expect(result).toMatchObject({ stale: false, sourceUrl: second?.url })
  })

  test('asks those again that are only busy', async () => {
    const network = await storeFirst()
    const [relay] = network.relays
    if (!relay) throw new Error('no relay')
    relay.target = undefined
    const sleep = async (): Promise<void> => {
      relay.target = network.devnet.url
    }
    expect((await startInTime({ ...network, options: { ...network.options, sleep } }, 10_000)).result).toMatchObject({
      stale: false,
    })
  })

  test('is ended by the lie of another one, although the stored set could stand in', async () => {
    const network = await storeFirst(2, (devnet) => ({ chainId: devnet.chainId, trust: devnet.trustAnchor() }))
    const [, second] = network.relays
    network.devnet.node(0).lie('bytes-differ')
    if (second) second.isSilent = true
    const { error } = await startInTime(network, 10_000)
    expect(error?.cause).toMatchObject({ name: 'GonkaProofVerificationError', code: 'value-mismatch' })
  })
})
