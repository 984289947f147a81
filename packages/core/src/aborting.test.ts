import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { chat, startPair } from './fixtures/start-pair.ts'
import { contentEvents, type Script, streaming } from './fixtures/upstream.ts'

describe('aborting', () => {
  const silent: [string, Script, object][] = [
    ['before the headers', () => {}, {}],
    ['in the middle of a stream', streaming(contentEvents('one two'), 'silence'), { stream: true }],
  ]
  it.each(silent)("closes the upstream's socket and frees the slot %s, without a penalty", async (_, script, body) => {
    const { router, primary, fallback } = await startPair(script)
    const aborter = new AbortController()
    const pending = chat(router, body, { signal: aborter.signal }).then((response) => response.text())
    pending.catch(() => {})
    await vi.waitFor(() => expect(primary.seen).toHaveLength(1), { timeout: 15_000 })
    await delay(10)
    aborter.abort(new Error('changed my mind'))
    await expect(pending).rejects.toThrow('changed my mind')
    await vi.waitFor(() => expect(primary.openRequests()).toBe(0), { interval: 5, timeout: 15_000 })
    expect(router.getStats()).toMatchObject({ inFlight: 0, outcomes: { cancelled: 1 } })
    expect(router.getStats().members.primary).toMatchObject({
      inFlight: 0,
      breaker: 'closed',
      verdicts: { cancelled: 1 },
    })
    expect(fallback.seen).toHaveLength(0)
  })

  it('counts a consumer who walks away as cancelled and closes the socket', async () => {
    const { router, primary } = await startPair(streaming(contentEvents('one two'), 'silence'))
    const response = await chat(router, { stream: true })
    await response.body?.cancel()
    await vi.waitFor(() => expect(primary.openRequests()).toBe(0), { interval: 5, timeout: 15_000 })
    expect(router.getStats().members.primary).toMatchObject({ inFlight: 0, verdicts: { cancelled: 1 } })
  })
})
