import { describe, expect, test } from 'vitest'
import { answering, type Script, startServer } from '../fixtures/scripted-server.ts'
import { knownBrokers } from '../index-brokers.ts'
import { healthy, type Outcome, startParticipants } from './fixtures/ask-members.ts'
import { EXPECTATIONS, type Expectation, SDK_ERRORS } from './fixtures/expectations.ts'
import { NODE_ROWS, type ReferenceRow } from './fixtures/reference-rows.ts'

const NAMED = NODE_ROWS.map((row): [string, ReferenceRow] => [`row ${row.row}: ${row.status} ${row.text}`, row])

/** Texts for which the signing fetch signs once more by itself, before anybody hears of them. */
const RESIGNED = /^(signature is|Request timestamp is|AuthKey has)/

function answerOf({ status, text }: ReferenceRow): Script {
  return answering(status, { error: text }, { 'content-type': 'application/json' })
}

function expectationOf({ kind }: ReferenceRow): Expectation {
  return EXPECTATIONS[kind] ?? expect.unreachable()
}

function expectRefusal({ error }: Outcome, { status, text, reason, ...row }: ReferenceRow): void {
  const { isPassedOn, statusCode } = expectationOf({ status, text, reason, ...row })
  if (isPassedOn) {
    expect(error?.constructor.name).toBe(SDK_ERRORS[status] ?? 'APIError')
    expect(error?.status).toBe(status)
    expect(error?.message).toBe(`${status} ${JSON.stringify(text)}`)
    return
  }
  expect(error).toMatchObject({ name: 'AllModelsFailedError', code: 'all-models-failed', statusCode })
  expect(error?.message).toMatch(new RegExp(reason.source.replace(/[$^]/g, '')))
}

describe('the only participant answers', () => {
  test.each(NAMED)('%s', async (_, row) => {
    const { call, seen } = await startParticipants(answerOf(row))
    const outcome = await call()
    const { attemptsAlone } = expectationOf(row)
    expect(outcome.attempts.map(({ verdict }) => verdict.kind)).toEqual(Array(attemptsAlone).fill(row.kind))
    expect(outcome.attempts[0]).toMatchObject({
      status: row.status,
      verdict: { reason: expect.stringMatching(row.reason) },
    })
    expectRefusal(outcome, row)
    expect(seen[0]).toHaveLength(attemptsAlone * (RESIGNED.test(row.text) ? 2 : 1))
    const signatures = seen[0]?.map(({ headers }) => headers.authorization)
    expect(new Set(signatures).size).toBe(signatures?.length)
  })
})

describe('a participant beside a healthy one answers', () => {
  test.each(NAMED)('%s', async (_, row) => {
    const { call, seen } = await startParticipants(answerOf(row), healthy)
    const outcome = await call()
    expect(outcome.attempts[0]).toMatchObject({ status: row.status, verdict: { kind: row.kind } })
    const { asksAnother } = expectationOf(row)
    expect(seen[1]).toHaveLength(asksAnother ? 1 : 0)
    if (asksAnother) expect(outcome).toMatchObject({ content: 'healthy', error: undefined })
    else expectRefusal(outcome, row)
  })
})

describe('a suspended network', () => {
  test('row 24: a 410 ends it for good, and the error names every known broker and the option that uses them', async () => {
    const { call, seen } = await startParticipants(
      answering(410, { error: 'deprecated', message: 'classic inference is deprecated; use devshard' }),
      healthy,
    )
    for (const index of [1, 2, 3]) {
      const { error, attempts } = await call()
      expect(attempts).toHaveLength(index === 1 ? 1 : 0)
      expect(error).toMatchObject({ name: 'AllModelsFailedError', retryAfterMs: undefined })
      for (const { name } of knownBrokers) expect(error?.message).toContain(name)
      expect(error?.message).toContain('registerGonkaModels(mux, { brokers: [{ url, apiKey }] })')
    }
    expect(seen.map(({ length }) => length)).toEqual([1, 0])
  })

  test('row 13: an empty balance ends it for a while, and every call says how to fund the account', async () => {
    const { call, seen } = await startParticipants(answering(402, { error: 'Insufficient balance' }), healthy)
    for (const _ of [1, 2]) {
      const { error } = await call()
      expect(error?.message).toMatch(/fund the requester account: send GNK.*expected back in \d+ s/)
      expect(error?.retryAfterMs).toBeGreaterThan(500_000)
    }
    expect(seen.map(({ length }) => length)).toEqual([1, 0])
  })

  test('308: its new URL is shown without what may be secret, and never followed', async () => {
    const elsewhere = await startServer(healthy)
    const body = { status: 308, message: 'moved', new_url: `http://user:hunter2@${elsewhere.host}/v1?key=hunter2` }
    const { call, seen } = await startParticipants(answering(308, body), healthy)
    const { error, attempts } = await call()
    expect(attempts.map(({ verdict }) => verdict.kind)).toEqual(['suspended'])
    expect(error).toMatchObject({ name: 'AllModelsFailedError', retryAfterMs: undefined })
    expect(error?.message).toContain(`switched off (308); change the configured URL: it names ${elsewhere.url}/v1)`)
    expect(error?.message).not.toContain('hunter2')
    expect([...seen, elsewhere.seen].map(({ length }) => length)).toEqual([1, 0, 0])
  })

  test('308 with a Location header is a redirect: refused, not followed, another participant is asked', async () => {
    const { call, seen } = await startParticipants(
      answering(308, { new_url: 'https://new.example' }, { location: 'https://new.example/v1' }),
      healthy,
    )
    const { content, attempts } = await call()
    expect(content).toBe('healthy')
    expect(attempts[0]?.verdict).toMatchObject({ kind: 'unavailable', reason: 'request-redirected' })
    expect(seen.map(({ length }) => length)).toEqual([1, 1])
  })

  test('a gateway among the participants says that it wants an API key, and another one is asked', async () => {
    const text = 'model "sim/model-a" requires an API key'
    const { call } = await startParticipants(answering(401, { error: { message: text } }), healthy)
    const { content, attempts } = await call()
    expect(content).toBe('healthy')
    expect(attempts[0]?.verdict.kind).toBe('unauthorized')
    expect(attempts[0]?.verdict.reason).toMatch(/wants an API key \(401\).*brokers: \[\{ url, apiKey \}\]/)
  })
})

describe('row 26: a participant that cannot be reached', () => {
  test.each<[string, Script]>([
    ['resets the connection', (request) => request.socket.destroy()],
    [
      'breaks off its answer',
      (_, response) => response.writeHead(200, { 'content-length': 100 }).write('{"choices"', () => response.destroy()),
    ],
    [
      'breaks off its refusal',
      (_, response) => response.writeHead(402, { 'content-length': 100 }).write('{"error', () => response.destroy()),
    ],
  ])('%s: alone it fails the call, else another one is asked', async (_, script) => {
    const alone = await startParticipants(script)
    const { error, attempts } = await alone.call()
    expect(attempts.map(({ verdict }) => verdict.kind)).toEqual(['unavailable', 'unavailable'])
    expect(error).toMatchObject({ name: 'AllModelsFailedError', statusCode: 503 })
    const { call } = await startParticipants(script, healthy)
    expect((await call()).content).toBe('healthy')
  })
})
