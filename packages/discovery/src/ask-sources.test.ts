import { describe, expect, test } from 'vitest'
import { EndpointDiscovery } from './endpoint-discovery.ts'
import { participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { inTurn, json, startServer, text } from './fixtures/server.ts'
import { parseRetryAfter } from './parse-retry-after.ts'

const good = json(toShapeA({ epochId: 7, participants: [participant(1)] }))
const empty = json(toShapeA({ epochId: 7, participants: [] }))
const busy = json({ error: 'busy' }, 503)
const transferAgents: string[] = []

describe('several sources', () => {
  test('asks them in order and stops at the first good answer', async () => {
    const [a, b, c] = await Promise.all([startServer(busy), startServer(good), startServer(good)])
    const { discovery, pauses } = createDiscovery({ sourceUrl: a.url, sourceUrls: [b.url, c.url], transferAgents })
    expect((await discovery.discover()).sourceUrl).toBe(b.url)
    expect([a, b, c].map(({ paths }) => paths.length)).toEqual([1, 1, 0])
    expect(pauses).toEqual([])
  })

  test('goes on after any kind of failure', async () => {
    const bad = [
      text('<html>'),
      text('{'),
      text(' '.repeat(2_000)),
      text('', { status: 302, headers: { location: '/' } }),
      json({ error: 'Invalid epoch id' }, 400),
      json({}, 404),
      busy,
      empty,
      json(toShapeA({ epochId: 7, participants: [participant(1, { inferenceUrl: 'http://127.0.0.1:1' })] })),
    ]
    const servers = await Promise.all([...bad, good].map(startServer))
    const sourceUrls = servers.map(({ url }) => url)
    const { discovery } = createDiscovery({ sourceUrls, transferAgents, maxResponseBytes: 1_999 })
    expect((await discovery.discover()).sourceUrl).toBe(sourceUrls.at(-1))
    expect(servers.map(({ paths }) => paths.length)).toEqual(servers.map(() => 1))
  })

  test('asks in rounds, without those whose refusal is final', async () => {
    const gone = await startServer(json({ error: 'no such epoch' }, 404))
    const slow = await startServer(inTurn(busy, busy, good))
    const { discovery } = createDiscovery({ sourceUrls: [gone.url, slow.url], transferAgents })
    expect((await discovery.discover()).sourceUrl).toBe(slow.url)
    expect([gone.paths.length, slow.paths.length]).toEqual([1, 3])
  })

  test('the same source twice is asked once a round', async () => {
    const server = await startServer(busy)
    const sourceUrls = [server.url, `${server.url}/`, `${server.url}/v1`]
    const { discovery } = createDiscovery({ sourceUrl: server.url, sourceUrls, retryCount: 0 })
    expect(discovery.sourceUrls).toEqual([server.url])
    await rejectionOf(discovery.discover())
    expect(server.paths).toHaveLength(1)
  })

  test('lists what each source said, and keeps the last failure as cause', async () => {
    const [a, b] = await Promise.all([startServer(busy), startServer(json({ error: 'no such epoch' }, 404))])
    const { discovery } = createDiscovery({ sourceUrls: [a.url, b.url], retryCount: 1 })
    const error = await rejectionOf(discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-failed', statusCode: 503 })
    expect(error.message).toContain('No source gave a usable answer in 3 attempts.')
    expect(error.message).toContain(`${a.url} answered 503: "busy"`)
    expect(error.message).toContain(`${b.url} answered 404: "no such epoch"`)
    expect(error.cause).toMatchObject({ name: 'GonkaDiscoveryError', sourceUrl: a.url, statusCode: 503 })
  })

  test('keeps the code when all sources failed alike', async () => {
    const servers = await Promise.all([startServer(text('<html>')), startServer(text('<html>'))])
    const { discovery } = createDiscovery({ sourceUrls: servers.map(({ url }) => url) })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-answer-invalid' })
  })

  test('gives no single code when they failed in different ways', async () => {
    const [a, b] = await Promise.all([startServer(busy), startServer(text('<html>'))])
    const { discovery } = createDiscovery({ sourceUrls: [a.url, b.url], retryCount: 0 })
    const error = await rejectionOf(discovery.discover())
    expect(error).toMatchObject({ code: 'discovery-failed', cause: { code: 'discovery-answer-invalid' } })
  })

  test('says that nobody is left only when every source says so', async () => {
    const [a, b, c] = await Promise.all([startServer(empty), startServer(empty), startServer(busy)])
    const none = createDiscovery({ sourceUrls: [a.url, b.url], transferAgents })
    expect(await rejectionOf(none.discovery.discover())).toMatchObject({ name: 'GonkaNoParticipantsError' })
    const mixed = createDiscovery({ sourceUrls: [a.url, c.url], transferAgents })
    const error = await rejectionOf(mixed.discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-failed' })
    expect(error.message).toContain('the list is empty')
  })
})

describe('retries', () => {
  test.each([
    ['408', json({}, 408)],
    ['429', json({}, 429)],
    ['500', json({}, 500)],
    ['503', busy],
    ['HTML', text('<html>')],
    ['truncated JSON', text('{"active')],
    ['a reset', ((request) => void request.socket.destroy()) as typeof busy],
  ])('asks again after %s', async (_name, answer) => {
    const server = await startServer(inTurn(answer, good))
    const { discovery, pauses } = createDiscovery({ sourceUrl: server.url, transferAgents })
    expect((await discovery.discover()).epochId).toBe(7)
    expect(pauses).toEqual([500])
  })

  test.each([
    ['400', json({}, 400)],
    ['401', json({}, 401)],
    ['403', json({}, 403)],
    ['404', json({}, 404)],
    ['410', json({}, 410)],
    ['a redirect', text('', { status: 301, headers: { location: '/' } })],
    ['an empty list', empty],
  ])('does not ask again after %s', async (_name, answer) => {
    const server = await startServer(answer)
    const { discovery, pauses } = createDiscovery({ sourceUrl: server.url, transferAgents })
    await rejectionOf(discovery.discover())
    expect([server.paths.length, pauses.length]).toEqual([1, 0])
  })

  test('doubles the pause each round, with full jitter and a ceiling', async () => {
    const server = await startServer(busy)
    const { discovery, pauses } = createDiscovery({ sourceUrl: server.url, retryCount: 7, random: () => 1 })
    const error = await rejectionOf(discovery.discover())
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(server.paths).toHaveLength(8)
    expect(error.message).toContain('in 8 attempts')
    const calm = createDiscovery({ sourceUrl: server.url, retryDelayMs: 100, random: () => 0.25 })
    await rejectionOf(calm.discovery.discover())
    expect(calm.pauses).toEqual([25, 50, 100])
  })

  test('really waits when no sleep is given', async () => {
    const server = await startServer(inTurn(busy, busy, good))
    const discovery = new EndpointDiscovery({ sourceUrl: server.url, transferAgents, retryDelayMs: 1 })
    expect((await discovery.discover()).epochId).toBe(7)
    expect(server.paths).toHaveLength(3)
  })

  test('retryCount 0 asks once', async () => {
    const server = await startServer(busy)
    const { discovery, pauses } = createDiscovery({ sourceUrl: server.url, retryCount: 0 })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ statusCode: 503 })
    expect([server.paths.length, pauses.length]).toEqual([1, 0])
  })
})

describe('Retry-After', () => {
  const NOW = Date.parse('2026-03-01T00:00:00Z')

  test.each([
    ['7', 7_000],
    ['0', 500],
    ['0.2', 500],
    ['86400', 60_000],
    ['Sun, 01 Mar 2026 00:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2020 00:00:05 GMT', 500],
    ['soon', 500],
    ['-5', 500],
    [' ', 500],
  ])('%j gives a pause of %i ms', async (header, pauseMs) => {
    const refusal = text('', { status: 429, headers: { 'retry-after': header } })
    const server = await startServer(inTurn(refusal, good))
    const { discovery, pauses } = createDiscovery({ sourceUrl: server.url, transferAgents, now: () => NOW })
    await discovery.discover()
    expect(pauses).toEqual([pauseMs])
  })

  test('leaves a source alone for as long as it asked, and goes on with the others', async () => {
    const patient = await startServer(text('', { status: 429, headers: { 'retry-after': '3' } }))
    const other = await startServer(inTurn(busy, busy, good))
    const { discovery, pauses } = createDiscovery({ sourceUrls: [patient.url, other.url], transferAgents })
    expect((await discovery.discover()).sourceUrl).toBe(other.url)
    expect(pauses).toEqual([500, 1_000])
    expect(patient.paths).toHaveLength(1)
  })

  test('counts only sources that will be asked again', async () => {
    const gone = await startServer(json({}, 404))
    const patient = await startServer(inTurn(text('', { status: 429, headers: { 'retry-after': '7' } }), good))
    const { discovery, pauses } = createDiscovery({ sourceUrls: [gone.url, patient.url], transferAgents })
    expect((await discovery.discover()).sourceUrl).toBe(patient.url)
    expect(pauses).toEqual([7_000])
  })

  test('a date that has passed asks for no pause', () => {
    expect(parseRetryAfter('Sun, 01 Mar 2020 00:00:05 GMT', () => NOW)).toBe(0)
  })

  test('asks again once the pause is over', async () => {
    const refusal = text('', { status: 429, headers: { 'retry-after': '1' } })
    const patient = await startServer(inTurn(refusal, good))
    const other = await startServer(busy)
    const { discovery, pauses } = createDiscovery({ sourceUrls: [patient.url, other.url], transferAgents })
    expect((await discovery.discover()).sourceUrl).toBe(patient.url)
    expect(pauses).toEqual([500, 1_000])
    expect([patient.paths.length, other.paths.length]).toEqual([2, 2])
  })
})
