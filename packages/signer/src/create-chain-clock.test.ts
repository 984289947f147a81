import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChainClock } from './create-chain-clock.ts'
import { AHEAD, answerTime, BEHIND, NOW_MS, NOW_NS, startClock, statusOf } from './fixtures/start-clock.ts'
import type { FetchLike } from './types.ts'

describe('a chain clock before its first resync', () => {
  it('gives the local time and asks nobody', async () => {
    const { clock, received } = await startClock([answerTime(BEHIND)])
    expect([clock.nowNs(), clock.nowNs(), clock.offsetNs]).toEqual([NOW_NS, NOW_NS + 1_000n, 0n])
    expect(received).toHaveLength(0)
  })

  it('places itself within the millisecond', () => {
    const clock = createChainClock({ nodeUrl: 'http://node1.example', now: () => NOW_MS, random: () => 0.123456 })
    expect(clock.nowNs()).toBe(NOW_NS + 123_456n)
  })

  it('is close to the system time by default', () => {
    const differenceNs = createChainClock({ nodeUrl: 'http://node1.example' }).nowNs() - BigInt(Date.now()) * 1_000_000n
    expect(differenceNs < 5_000_000_000n && differenceNs > -5_000_000_000n).toBe(true)
  })

  it('refuses a local time that is no number', async () => {
    const clock = createChainClock({ nodeUrl: 'http://node1.example', now: () => Number.NaN })
    expect(() => clock.nowNs()).toThrow(RangeError)
    await expect(clock.resync()).rejects.toThrow(RangeError)
  })
})

describe('timestamps of a chain clock', () => {
  it('are a million different ones while the time stands still, increasing between two resyncs', async () => {
    const times = [BEHIND, AHEAD, BEHIND, '2025-12-31T23:14:59.999999Z', AHEAD].map(answerTime)
    const { clock, time } = await startClock(times)
    const seen = new Set<bigint>()
    for (let round = 0; round < 5; round++) {
      let last = 0n
      let increasing = true
      for (let i = 0; i < 200_000; i++) {
        const next = clock.nowNs()
        increasing &&= next > last
        last = next
        seen.add(next)
      }
      expect(increasing).toBe(true)
      await clock.resync()
      time.ms += 1_000
    }
    expect(seen.size).toBe(1_000_000)
  })

  it('are unique and follow block time, whatever the node and the local clock do', async () => {
    const yearMs = 365 * 86_400_000
    const stepMs = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: 1_000, max: 2_000 }),
      fc.integer({ min: -yearMs, max: yearMs }),
    )
    const rounds = fc.array(fc.record({ blockMs: stepMs, localMs: stepMs, count: fc.integer({ min: 0, max: 20 }) }))
    await fc.assert(fc.asyncProperty(rounds, checkRounds))
  })
})

describe('createChainClock with bad options', () => {
  it.each<[string, string, object]>([
    ['config-invalid', 'nodeUrl', {}],
    ['config-invalid', 'nodeUrl', { nodeUrls: [] }],
    ['config-invalid', 'nodeUrls', { nodeUrls: 'http://node1.example' }],
    ['url-invalid', 'nodeUrl', { nodeUrl: 'node1.example:8000' }],
    ['url-invalid', 'nodeUrl', { nodeUrl: 'http://user:secret@node1.example' }],
    ['url-invalid', 'nodeUrls[1]', { nodeUrls: ['http://node1.example', 'http://node2.example/?key=secret'] }],
    ['config-invalid', 'timeoutMs', { nodeUrl: 'http://node1.example', timeoutMs: 0 }],
    ['config-invalid', 'timeoutMs', { nodeUrl: 'http://node1.example', timeoutMs: 1.5 }],
    ['config-invalid', 'timeoutMs', { nodeUrl: 'http://node1.example', timeoutMs: 2 ** 31 }],
    ['config-invalid', 'timeoutMs', { nodeUrl: 'http://node1.example', timeoutMs: 'secret' }],
  ])('throws %s for %s', (code, field, options) => {
    const message = expect.not.stringContaining('secret')
    expect(() => createChainClock(options)).toThrow(expect.objectContaining({ code, field, message }))
  })
})

async function checkRounds(
  rounds: readonly { readonly blockMs: number; readonly localMs: number; readonly count: number }[],
): Promise<void> {
  let [localMs, blockMs, measuredMs] = [NOW_MS, NOW_MS, Number.POSITIVE_INFINITY]
  const fetch: FetchLike = async () => Response.json(statusOf(new Date(blockMs).toISOString()))
  const clock = createChainClock({ nodeUrl: 'http://node1.example', fetch, now: () => localMs, random: () => 0 })
  const seen = new Set<bigint>()
  let given = 0
  for (const round of rounds) {
    localMs += round.localMs
    blockMs += round.blockMs
    const isMeasured = localMs < measuredMs || localMs >= measuredMs + 1_000
    if (isMeasured) measuredMs = localMs
    await clock.resync()
    for (let i = 0; i < round.count; i++, given++) {
      const next = clock.nowNs()
      if (isMeasured && i === 0) expect(next / 1_000_000n).toBe(BigInt(blockMs))
      seen.add(next)
    }
  }
  expect(seen.size).toBe(given)
}
