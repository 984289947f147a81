import { describe, expect, it } from 'vitest'
import { createChainClock } from './create-chain-clock.ts'
import {
  AHEAD,
  answerStatus,
  answerTime,
  BEHIND,
  later,
  MINUTE_NS,
  NOW_MS,
  NOW_NS,
  startClock,
  statusOf,
} from './fixtures/start-clock.ts'
import { type Answer, answerJson, startServer } from './fixtures/start-server.ts'
import type { FetchLike } from './types.ts'

describe('a resync', () => {
  it('moves time forward to block time', async () => {
    const { clock } = await startClock([answerTime(AHEAD)])
    clock.nowNs()
    await clock.resync()
    expect([clock.offsetNs, clock.nowNs()]).toEqual([45n * MINUTE_NS, NOW_NS + 45n * MINUTE_NS])
  })

  it('moves time back to block time, too, and goes on from there', async () => {
    const { clock, time } = await startClock([answerTime(BEHIND)])
    const before = clock.nowNs()
    await clock.resync()
    const first = clock.nowNs()
    expect(first).toBe(before - 45n * MINUTE_NS + 1n)
    time.ms += 2
    expect([clock.nowNs(), clock.offsetNs]).toEqual([first + 2_000_000n, -45n * MINUTE_NS])
  })

  it('asks with a bare GET, below the URL of the node', async () => {
    const { origin, received } = await startServer(answerTime(BEHIND))
    await createChainClock({ nodeUrl: `${origin}/node/v1/` }).resync()
    expect(received).toMatchObject([{ method: 'GET', path: '/node/chain-rpc/status' }])
    expect(Object.keys(received[0]!.headers)).not.toContain('authorization')
    expect(Object.keys(received[0]!.headers)).not.toContain('cookie')
  })

  it('takes half of the round trip for the way of the answer', async () => {
    const { clock, time } = await startClock([later((response) => answerStatus(response, AHEAD), 600)])
    await clock.resync()
    expect(time.ms).toBe(NOW_MS + 600)
    expect(clock.offsetNs).toBe(45n * MINUTE_NS - 300_000_000n)
  })

  it('measures against the local clock as it is then: a step by NTP or a suspended laptop ends there', async () => {
    const { clock, time } = await startClock([answerTime(AHEAD)])
    await clock.resync()
    time.ms += 8 * 3_600_000
    await clock.resync()
    expect(clock.nowNs()).toBe(NOW_NS + 45n * MINUTE_NS)
    time.ms -= 24 * 3_600_000
    await clock.resync()
    expect(clock.nowNs()).toBe(NOW_NS + 45n * MINUTE_NS + 1n)
  })

  it('takes the median of several nodes, so that one that lies and one that is down do no harm', async () => {
    const times = [answerTime('2199-12-31T23:59:59Z'), answerTime(BEHIND), answerJson(500, {}), answerTime(AHEAD)]
    const servers = await Promise.all(times.map((answer) => startServer(answer)))
    const nodeUrls = servers.map(({ origin }) => origin)
    const clock = createChainClock({ nodeUrls, nodeUrl: `${nodeUrls[0]}/`, now: () => NOW_MS })
    await clock.resync()
    expect(clock.offsetNs).toBe(45n * MINUTE_NS)
    expect(servers.map(({ received }) => received.length)).toEqual([1, 1, 1, 1])
  })

  it('does not wait for a node that hangs once most agree, and frees its connection', async () => {
    let free = (): void => {}
    const isFree = new Promise<void>((resolve) => {
      free = resolve
    })
    const answers: Answer[] = [answerTime(BEHIND), (response) => response.on('close', free), answerTime(BEHIND)]
    const servers = await Promise.all(answers.map((answer) => startServer(answer)))
    const nodeUrls = servers.map(({ origin }) => origin)
    const clock = createChainClock({ nodeUrls, now: () => NOW_MS, timeoutMs: 600_000 })
    await clock.resync()
    await isFree
    expect(clock.offsetNs).toBe(-45n * MINUTE_NS)
  })

  it.each([
    { before: 'does not agree', early: [AHEAD, BEHIND], last: AHEAD, offsetNs: 45n * MINUTE_NS },
    { before: 'is only half', early: [AHEAD], last: BEHIND, offsetNs: -45n * MINUTE_NS },
  ])('waits for the last one when what came before $before', async ({ early, last, offsetNs }) => {
    const fetch: FetchLike = async (url) => {
      const time = early[Number(new URL(String(url)).port) - 1]
      for (let turn = 0; time === undefined && turn < 20; turn++) await new Promise(setImmediate)
      return Response.json(statusOf(time ?? last))
    }
    const nodeUrls = [...early, last].map((_time, index) => `http://node.example:${index + 1}`)
    const clock = createChainClock({ nodeUrls, fetch, now: () => NOW_MS })
    await clock.resync()
    expect(clock.offsetNs).toBe(offsetNs)
  })

  it('takes the lower one of two', async () => {
    const servers = await Promise.all([AHEAD, BEHIND].map((time) => startServer(answerTime(time))))
    const clock = createChainClock({ nodeUrls: servers.map(({ origin }) => origin), now: () => NOW_MS })
    await clock.resync()
    expect(clock.offsetNs).toBe(-45n * MINUTE_NS)
  })
})

describe('resyncs in a crowd', () => {
  it('are one measurement', async () => {
    const { clock, received } = await startClock([answerTime(BEHIND)])
    await Promise.all(Array.from({ length: 500 }, () => clock.resync()))
    expect(received).toHaveLength(1)
  })

  it('measure once a second at most, in a storm of refusals', async () => {
    const { clock, received, time } = await startClock([answerTime(BEHIND)])
    for (let i = 0; i < 1_000; i++, time.ms += 10) await clock.resync()
    expect(received).toHaveLength(10)
  })

  it('give the last outcome in between, a failure included', async () => {
    const { clock, received, time } = await startClock([answerJson(503, {}), answerTime(BEHIND)])
    await expect(clock.resync()).rejects.toMatchObject({ statusCode: 503 })
    time.ms += 999
    await expect(clock.resync()).rejects.toMatchObject({ statusCode: 503 })
    time.ms += 1
    await clock.resync()
    expect(received).toHaveLength(2)
  })

  it('do not wait for a local clock that went back', async () => {
    const { clock, received, time } = await startClock([answerTime(BEHIND)])
    await clock.resync()
    time.ms -= 3_600_000
    await clock.resync()
    expect(received).toHaveLength(2)
    expect(clock.nowNs() / MINUTE_NS).toBe((NOW_NS - 45n * MINUTE_NS) / MINUTE_NS)
  })
})

describe('an aborted resync', () => {
  const REASON = new Error('no longer wanted')

  it('asks nobody when it was aborted before', async () => {
    const { clock, received } = await startClock([answerTime(BEHIND)])
    await expect(clock.resync(AbortSignal.abort(REASON))).rejects.toBe(REASON)
    expect(received).toHaveLength(0)
  })

  it('rejects at once and frees the connection', async () => {
    const abort = new AbortController()
    let closed = (): void => {}
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const { clock } = await startClock([
      (response) => {
        response.on('close', closed)
        abort.abort(REASON)
      },
    ])
    await expect(clock.resync(abort.signal)).rejects.toBe(REASON)
    await isClosed
  })

  it.each(['at once', 'later'])('does not fail those who ask afterwards: %s', async (when) => {
    const abort = new AbortController()
    const { clock, received } = await startClock([() => abort.abort(REASON), answerTime(BEHIND)])
    const aborted = clock.resync(abort.signal)
    await expect(aborted).rejects.toBe(REASON)
    if (when === 'later') await new Promise(setImmediate)
    await clock.resync()
    expect([received.length, clock.offsetNs]).toEqual([2, -45n * MINUTE_NS])
  })

  it('changes nothing when its answer comes after all', async () => {
    const abort = new AbortController()
    const [times, answers]: [string[], (() => void)[]] = [[AHEAD, BEHIND], []]
    const fetch: FetchLike = () => {
      const answer = Response.json(statusOf(times.shift()))
      return new Promise((resolve) => answers.push(() => resolve(answer)))
    }
    const clock = createChainClock({ nodeUrl: 'http://node1.example', fetch, now: () => NOW_MS })
    const aborted = clock.resync(abort.signal)
    abort.abort(REASON)
    await expect(aborted).rejects.toBe(REASON)
    const wanted = clock.resync()
    for (const answer of answers.reverse()) answer()
    await wanted
    await new Promise(setImmediate)
    expect(clock.offsetNs).toBe(-45n * MINUTE_NS)
  })

  it('leaves the measurement to those who still wait', async () => {
    const abort = new AbortController()
    const { clock } = await startClock([
      (response) => {
        abort.abort(REASON)
        setImmediate(() => answerStatus(response, BEHIND))
      },
    ])
    const outcomes = await Promise.allSettled([clock.resync(abort.signal), clock.resync()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(clock.offsetNs).toBe(-45n * MINUTE_NS)
  })
})
