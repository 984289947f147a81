import { describe, expect, it } from 'vitest'
import { createChainClock } from './create-chain-clock.ts'
import { createSigner } from './create-signer.ts'
import { KEYS, TA1 } from './fixtures/signature-vectors.ts'
import {
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
import { type Answer, answerJson, answerNever, startServer } from './fixtures/start-server.ts'
import { signRequest } from './sign-request.ts'
import type { FetchLike } from './types.ts'

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

function endless(response: Parameters<Answer>[0]): void {
  const write = (): void => {
    if (!response.destroyed) response.write('x'.repeat(32_768), () => setImmediate(write))
  }
  write()
}
