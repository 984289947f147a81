import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { CHAIN_ID, TIME_101_MS, tell } from './fixtures/epoch-7.ts'
import { startServer } from './fixtures/server.ts'
import type { TrustStore } from './types.ts'

const LIMIT_MS = 2_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A store that never answers, from the first `load` or the first `save` on, and counts the calls that it took. */
function hangingStore(from: 'load' | 'save') {
  const hang = (): Promise<never> => new Promise(() => undefined)
  const calls = { load: 0, save: 0 }
  const store: TrustStore = {
    load: () => {
      calls.load += 1
      return from === 'load' ? hang() : Promise.resolve(undefined)
    },
    save: () => {
      calls.save += 1
      return hang()
    },
  }
  return { store, calls }
}

async function discoveryOn(trustStore: TrustStore) {
  const { url: sourceUrl } = await startServer(tell())
  const options = { sourceUrl, chainId: CHAIN_ID, trust: 'first-use', trustStore, timeoutMs: LIMIT_MS } as const
  return createDiscovery({ ...options, now: () => TIME_101_MS, allowPrivateHosts: true, transferAgents: [] }).discovery
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

describe('a trust store that never answers', () => {
  test.each([
    ['load', 'read'],
    ['save', 'written'],
  ] as const)('is given up after the time of one request: %s', async (from, what) => {
    const { store, calls } = hangingStore(from)
    const failing = rejectionOf((await discoveryOn(store)).discover())
    await until(() => calls[from] > 0)
    await vi.advanceTimersByTimeAsync(LIMIT_MS)
    expect(await failing).toMatchObject({
      name: 'GonkaConfigError',
      code: 'trust-store-invalid',
      message: `trustStore could not be ${what}: it did not answer within 2000 ms.`,
    })
  })

  test('does not outlast the signal of the caller', async () => {
    const { store, calls } = hangingStore('load')
    const controller = new AbortController()
    const failing = rejectionOf((await discoveryOn(store)).discover({ signal: controller.signal }))
    await until(() => calls.load > 0)
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await failing).toBe(reason)
  })

  test('is not given a second record while the first one may still be written over it', async () => {
    const { store, calls } = hangingStore('save')
    const discovery = await discoveryOn(store)
    const first = rejectionOf(discovery.discover())
    await until(() => calls.save > 0)
    await vi.advanceTimersByTimeAsync(LIMIT_MS)
    await first
    const second = await rejectionOf(discovery.discover())
    expect(second).toMatchObject({
      code: 'trust-store-invalid',
      message: 'trustStore could not be written: it is still busy with the record before.',
    })
    expect(calls.save).toBe(1)
  })
})
