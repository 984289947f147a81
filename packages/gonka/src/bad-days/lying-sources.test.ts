import type { DevnetNode } from '@gonka/devnet'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ask, askTimes, startBadDay } from '../fixtures/bad-day.ts'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import type { RegisterGonkaModelsOptions } from '../index.ts'

const HOUR_MS = 3_600_000

/** When a node was asked for the list, in milliseconds since the first time. */
function askedAfterMs({ requests }: DevnetNode): number[] {
  const times = requests.filter(({ path }) => path.startsWith('/v1/epochs/')).map(({ atMs }) => atMs)
  return times.map((time) => time - (times[0] ?? 0))
}

/** Tells when a refresh begins and ends, whatever else goes on. */
function watchRefreshes() {
  let begun = 0
  let report = (): void => {}
  const end = (): void => report()
  return {
    ports: {
      logger: { debug: () => {}, info: end, warn: end, error: () => {} },
      fetch: (input, init) => {
        begun += 1
        return fetch(input, init)
      },
    } satisfies RegisterGonkaModelsOptions,
    /** Lets time pass until the next refresh begins, and stand still until it has ended. */
    async runNext(): Promise<void> {
      const before = begun
      const ended = new Promise<void>((resolve) => {
        report = resolve
      })
      while (begun === before) await vi.advanceTimersToNextTimerAsync()
      await ended
    },
  }
}

test('a source that answers garbage for an hour is asked less and less often, and the last good set is used', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_800_000_000_000 })
  onTestFinished(() => void vi.useRealTimers())
  const { ports, runNext } = watchRefreshes()
  const { devnet, mux, participants, refreshManager } = await startBadDay({
    prepare: () => ({ ...ports, random: () => 0.5, refreshIntervalMs: 60_000, discovery: { transferAgents: [] } }),
  })
  const source = devnet.node(0)
  source.fault({ garbage: true, path: 'discovery' })
  await devnet.nextEpoch({ join: 1 })
  while ((askedAfterMs(source).at(-1) ?? 0) < HOUR_MS) await runNext()
  const minutes = askedAfterMs(source).map((ms) => Math.round(ms / 60_000))
  expect(minutes).toEqual([0, 1, 3, 7, 15, 25, 35, 45, 55, 65])
  expect(refreshManager).toMatchObject({ isRunning: true, currentEpoch: 7 })
  expect(Object.keys(mux.getStats().members)).toHaveLength(participants.length)
  devnet.chain.advance()
  await askTimes(mux, 5)

  source.clearFault()
  await runNext()
  expect(refreshManager?.currentEpoch).toBe(8)
  expect(Object.keys(mux.getStats().members)).toHaveLength(participants.length + 1)
  await runNext()
  const [healed = 0, next = 0] = askedAfterMs(source).slice(-2)
  expect([healed, next - healed].map((ms) => Math.round(ms / 60_000))).toEqual([75, 1])
})

test('a source that never answers costs its time limit, and the last good set is used', async () => {
  const { devnet, mux, refresh } = await startBadDay()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  devnet.node(0).fault({ hang: true, path: 'discovery' })
  const refreshing = refresh()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await refreshing).toMatchObject({ success: false, error: { cause: { code: 'discovery-timeout' } } })
  await ask(mux)
})

test.each([301, 302, 303, 307, 308])(
  'a source that redirects with %i to another host is refused, and the other host hears nothing',
  async (status) => {
    const elsewhere = await startServer(answering(200, {}))
    const { devnet, mux, refresh } = await startBadDay()
    const headers = { location: `${elsewhere.url}/v1/epochs/current/participants` }
    devnet.node(0).fault({ status, headers, path: 'all' })
    const result = await refresh()
    expect(result).toMatchObject({ success: false, error: { cause: { code: 'discovery-redirected' } } })
    expect(result.error?.message).toContain('use the URL of the node itself')
    await ask(mux)
    expect(elsewhere.seen).toEqual([])
  },
)
