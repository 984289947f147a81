import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { BUNDLE, failureOf } from './fixtures/failure-of.ts'
import { json, text } from './fixtures/server.ts'

describe('answers that are not a list', () => {
  test('HTML asks whether this is a node', async () => {
    const error = await failureOf(text('\n<!doctype html><title>Explorer</title>', { type: 'text/html' }))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200 })
    expect(error.message).toContain('answered HTML, is this a node?')
  })

  test('truncated JSON says that it was cut off', async () => {
    const error = await failureOf(text(JSON.stringify(BUNDLE).slice(0, -20), { type: 'application/json' }))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200 })
    expect(error.message).toContain('not JSON, or were cut off')
  })

  test.each([
    ['', 'answered 0 characters'],
    ['[['.repeat(500_000), 'answered 1000000 characters'],
  ])('an empty or absurd body is an invalid answer', async (body, message) => {
    const error = await failureOf(text(body))
    expect(error.code).toBe('discovery-answer-invalid')
    expect(error.message).toContain(message)
  })

  test.each([
    [null, 'the answer must be Object'],
    [5, 'the answer must be Object'],
    [[], 'active_participants is missing'],
    [{ error: 'x' }, 'active_participants is missing'],
    [{ active_participants: null }, 'active_participants must be Object'],
    [{ active_participants: { participants: {} } }, 'active_participants.participants must be Array'],
    [{ active_participants: { participants: [], epoch_id: 'seven' } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [], epoch_id: 1.5 } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [], epoch_id: '9007199254740993' } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [], epoch_id: -1 } }, 'active_participants.epoch_id'],
    [{ active_participants: { participants: [] } }, 'active_participants.epoch_id'],
    [{ active_participants: { epoch_id: 1 }, excluded_participants: {} }, 'excluded_participants must be Array'],
  ])('the wrong shape %j names the field', async (answer, message) => {
    const error = await failureOf(json(answer))
    expect(error).toMatchObject({ code: 'discovery-answer-invalid', statusCode: 200 })
    expect(error.message).toContain(message)
  })
})

describe('refusals', () => {
  test('the HTML of the proxy is explained', async () => {
    const error = await failureOf(text('<html><h1>503</h1></html>', { status: 503, type: 'text/html' }))
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 503 })
    expect(error.message).toContain('answered 503 with HTML: the proxy of the node refused, perhaps its rate limit')
  })

  test('a long or hostile reason is shortened and escaped', async () => {
    const error = await failureOf(json({ error: `line\n\u001b[31m${'x'.repeat(5_000)}` }, 500))
    expect(error.message.length).toBeLessThan(500)
    expect(error.message).not.toMatch(/\p{Cc}/u)
  })

  test('a reason that breaks off does not hide the status', async () => {
    const error = await failureOf((request, response) => {
      response.writeHead(429, { 'content-length': '1000' })
      response.write('{"error":', () => request.socket.destroy())
    })
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 429 })
  })

  test('an endless reason does not hold the call', async () => {
    const error = await failureOf((_request, response) => {
      response.writeHead(500)
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', pour)
      pour()
    })
    expect(error).toMatchObject({ code: 'discovery-failed', statusCode: 500 })
  })
})

test('no error repeats what a source may hide in its answer or URL', async () => {
  const error = await failureOf(json({ active_participants: 'canary-secret-value' }))
  expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain('canary')
})
