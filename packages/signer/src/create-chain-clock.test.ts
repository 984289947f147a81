import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChainClock, type ChainClockOptions, createChainClock } from './create-chain-clock.ts'
import { createSigner } from './create-signer.ts'
import { KEYS, TA1 } from './fixtures/signature-vectors.ts'
import { type Answer, answerJson, answerNever, startServer } from './fixtures/start-server.ts'
import { signRequest } from './sign-request.ts'
import type { FetchLike } from './types.ts'

const NOW_MS = 1_767_225_600_000
const NOW_NS = 1_767_225_600_000_000_000n
const MINUTE_NS = 60_000_000_000n
const BEHIND = '2025-12-31T23:15:00Z'
const AHEAD = '2026-01-01T00:45:00.000Z'

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

  it('takes the lower one of two', async () => {
    const servers = await Promise.all([AHEAD, BEHIND].map((time) => startServer(answerTime(time))))
    const clock = createChainClock({ nodeUrls: servers.map(({ origin }) => origin), now: () => NOW_MS })
    await clock.resync()
    expect(clock.offsetNs).toBe(-45n * MINUTE_NS)
  })
})

describe('a node that lies about the time', () => {
  it('cannot stop the signing: its timestamps stay what a signature can hold, and the truth is followed later', async () => {
    const { clock, time } = await startClock([answerTime('2199-12-31T23:59:59Z'), answerTime(BEHIND)])
    time.ms = 0
    await clock.resync()
    time.ms = NOW_MS
    const timestampNs = clock.nowNs()
    const signer = createSigner(KEYS.K1.privateKey)
    const headers = await signRequest({ signer, body: '{}', timestampNs, transferAddress: TA1 })
    expect(headers['X-Timestamp']).toBe(String(timestampNs))
    await clock.resync()
    expect(clock.nowNs() / 1_000n).toBe((NOW_NS - 45n * MINUTE_NS) / 1_000n)
  })

  it.each(['1969-12-31T23:59:59.999999999Z', '0001-01-01T00:00:00Z', '2200-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'is not followed to %s, where no signature could be made',
    async (time) => {
      const { clock } = await startClock([answerTime(time)])
      await expect(clock.resync()).rejects.toMatchObject({ code: 'discovery-answer-invalid' })
      expect(clock.offsetNs).toBe(0n)
    },
  )

  it('can bring no timestamp to zero, which would not be signed', async () => {
    const { clock, time } = await startClock([answerTime('1970-01-01T00:00:00Z')])
    await clock.resync()
    time.ms = 0
    expect(clock.nowNs()).toBeGreaterThan(0n)
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

describe('a failing resync', () => {
  const ROWS: readonly [name: string, code: string, statusCode: number | undefined, answer: Answer][] = [
    ['a refusal', 'discovery-failed', 503, (response) => response.writeHead(503).end('<html>')],
    ['no such path', 'discovery-failed', 404, answerJson(404, {})],
    ['a reset', 'discovery-failed', undefined, (response) => response.destroy()],
    ['a redirect', 'discovery-redirected', 302, answerJson(302, {}, { location: 'http://127.0.0.1:1/' })],
    ['a redirect to nowhere', 'discovery-redirected', 307, answerJson(307, {})],
    ['an endless answer', 'discovery-answer-too-large', 200, endless],
    ['no JSON', 'discovery-answer-invalid', 200, (response) => response.end('{"result":')],
    ['nothing', 'discovery-answer-invalid', 200, (response) => response.end()],
  ]
  const BODIES = [
    null,
    1,
    [],
    {},
    { result: null },
    { result: { sync_info: null } },
    statusOf(1),
    statusOf('yesterday'),
  ]
  const CASES = [
    ...ROWS.map(([name, code, statusCode, answer]) => ({ name, code, statusCode, answer })),
    ...BODIES.map((body) => {
      const answer = answerJson(200, body)
      return { name: JSON.stringify(body), code: 'discovery-answer-invalid', statusCode: 200, answer }
    }),
  ]

  it.each(CASES)('keeps the offset and says what happened: $name', async ({ code, statusCode, answer }) => {
    const { clock, origin, time } = await startClock([answerTime(BEHIND), answer])
    await clock.resync()
    const before = clock.nowNs()
    time.ms += 1_000
    const sourceUrl = `${origin}/chain-rpc/status`
    await expect(clock.resync()).rejects.toMatchObject({ name: 'GonkaDiscoveryError', code, sourceUrl, statusCode })
    expect([clock.offsetNs, clock.nowNs()]).toEqual([-45n * MINUTE_NS, before + 1_000_000_000n])
  })

  it.each([
    ['hangs', answerNever],
    ['hangs in the middle', (response) => response.write('{"result"')],
  ] as [string, Answer][])('ends when the node %s', async (_, answer) => {
    const { clock } = await startClock([answer], { timeoutMs: 30 })
    await expect(clock.resync()).rejects.toMatchObject({ code: 'discovery-timeout' })
  })

  it('ends when a fetch that knows no signals hangs', async () => {
    const fetch: FetchLike = () => new Promise(() => {})
    const clock = createChainClock({ nodeUrl: 'http://node1.example', fetch, timeoutMs: 20 })
    await expect(clock.resync()).rejects.toMatchObject({ code: 'discovery-timeout' })
  })

  it('refuses an answer for which a fetch followed a redirect', async () => {
    const answer = Object.defineProperty(Response.json(statusOf(BEHIND)), 'redirected', { value: true })
    const clock = createChainClock({ nodeUrl: 'http://node1.example', fetch: async () => answer })
    await expect(clock.resync()).rejects.toMatchObject({ code: 'discovery-redirected' })
  })

  it.each([-1, 3_600_000])('does not trust a measurement in which the local clock jumped by %i ms', async (jumpMs) => {
    const { clock } = await startClock([later((response) => answerStatus(response, BEHIND), jumpMs)])
    await expect(clock.resync()).rejects.toThrow('The local clock jumped')
    expect(clock.offsetNs).toBe(0n)
  })

  it('names every node when none answers', async () => {
    const servers = await Promise.all([answerJson(500, {}), answerJson(404, {})].map((answer) => startServer(answer)))
    const clock = createChainClock({ nodeUrls: servers.map(({ origin }) => origin) })
    const error = await clock.resync().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'discovery-failed', cause: expect.any(AggregateError) })
    expect(String(error)).toContain(`${servers[0]!.origin}/chain-rpc/status answered 500.`)
    expect(String(error)).toContain(`${servers[1]!.origin}/chain-rpc/status answered 404.`)
  })

  it('repeats nothing that a node wrote', async () => {
    const { clock } = await startClock([answerJson(200, statusOf('c0ffee'), { 'x-c0ffee': 'c0ffee' })])
    const error = (await clock.resync().catch((reason: unknown) => reason)) as Error
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('c0ffee')
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

interface Time {
  ms: number
}

interface StartedClock {
  readonly clock: ChainClock
  readonly origin: string
  readonly received: readonly unknown[]
  /** The local clock; it stands still. */
  readonly time: Time
}

/** An answer that gives the local clock time to pass. */
type TimedAnswer = Answer & { readonly laterMs?: number }

async function startClock(
  answers: readonly TimedAnswer[],
  options: Partial<ChainClockOptions> = {},
): Promise<StartedClock> {
  const time: Time = { ms: NOW_MS }
  const timed = answers.map(
    (answer): Answer =>
      (response, request) => {
        time.ms += answer.laterMs ?? 0
        answer(response, request)
      },
  )
  const { origin, received } = await startServer(...timed)
  const clock = createChainClock({ nodeUrl: origin, now: () => time.ms, random: () => 0, ...options })
  return { clock, origin, received, time }
}

function later(answer: Answer, laterMs: number): TimedAnswer {
  return Object.assign<Answer, { laterMs: number }>((...parts) => answer(...parts), { laterMs })
}

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

function statusOf(time: unknown): object {
  return { jsonrpc: '2.0', id: -1, result: { sync_info: { latest_block_height: '7', latest_block_time: time } } }
}

function answerTime(time: string): Answer {
  return answerJson(200, statusOf(time))
}

function answerStatus(response: Parameters<Answer>[0], time: string): void {
  response.end(JSON.stringify(statusOf(time)))
}

function endless(response: Parameters<Answer>[0]): void {
  const write = (): void => {
    if (!response.destroyed) response.write('x'.repeat(32_768), () => setImmediate(write))
  }
  write()
}
