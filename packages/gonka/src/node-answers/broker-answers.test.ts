import { describe, expect, test } from 'vitest'
import { answering, type Script } from '../fixtures/scripted-server.ts'
import { healthy, startBrokers } from './fixtures/ask-members.ts'
import { EXPECTATIONS, SDK_ERRORS } from './fixtures/expectations.ts'
import { BROKER_ROWS, type ReferenceRow } from './fixtures/reference-rows.ts'

const NAMED = BROKER_ROWS.map((row): [string, ReferenceRow] => [`${row.row}: ${row.status} ${row.text}`, row])

/** As Go's `http.Error` writes it: JSON that calls itself text. */
function answerOf({ status, text }: ReferenceRow): Script {
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  return answering(status, `${JSON.stringify({ error: { message: text } })}\n`, headers)
}

describe('the only broker answers', () => {
  test.each(NAMED)('%s', async (_, row) => {
    const expected = EXPECTATIONS[row.kind] ?? expect.unreachable()
    const { call, seen } = await startBrokers(answerOf(row))
    const { error, attempts } = await call()
    expect(attempts.map(({ verdict }) => verdict.kind)).toEqual(Array(expected.attemptsAlone).fill(row.kind))
    expect(attempts[0]?.verdict.reason).toMatch(row.reason)
    expect(seen[0]).toHaveLength(expected.attemptsAlone)
    if (!expected.isPassedOn) {
      expect(error).toMatchObject({ name: 'AllModelsFailedError', statusCode: expected.statusCode })
      expect(error?.message).toContain(attempts[0]?.verdict.reason)
      return
    }
    expect(error?.constructor.name).toBe(SDK_ERRORS[row.status] ?? 'APIError')
    expect(error?.status).toBe(row.status)
    expect(error?.message).toContain(row.text)
  })
})

describe('a broker beside a healthy one answers', () => {
  test.each(NAMED)('%s', async (_, row) => {
    const { call, seen } = await startBrokers(answerOf(row), healthy)
    const { content, error } = await call()
    // Brokers have nothing in common: what suspends one says nothing about another.
    const asksAnother = row.kind !== 'invalid-request'
    expect(seen.map(({ length }) => length)).toEqual([1, asksAnother ? 1 : 0])
    if (asksAnother) expect(content).toBe('healthy')
    else expect(error?.status).toBe(row.status)
  })
})

const EVENTS = { 'content-type': 'text/event-stream' }

function events(...data: readonly unknown[]): Script {
  const lines = data.map((each) => `data: ${JSON.stringify(each)}\n\n`)
  return answering(200, `${lines.join('')}data: [DONE]\n\n`, EVENTS)
}

function textEvent(content: string, finish_reason: string | null): object {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason }] }
}

test('a stream with an error event, under status 200, costs the caller nothing while another broker is there', async () => {
  const failing = events({ error: { message: 'upstream failed' } })
  const { call, seen } = await startBrokers(failing, events(textEvent('heal', null), textEvent('thy', 'stop')))
  const { content, attempts } = await call({ stream: true })
  expect(content).toBe('healthy')
  expect(attempts.map(({ verdict }) => verdict.kind)).toEqual(['unavailable', 'ok'])
  expect(seen.map(({ length }) => length)).toEqual([1, 1])
})
