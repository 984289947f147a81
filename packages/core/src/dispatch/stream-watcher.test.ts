import { describe, expect, it } from 'vitest'
import type { VerdictKind } from '../verdict.ts'
import { dialectOf } from './stream-dialect.ts'
import { StreamWatcher } from './stream-watcher.ts'

type Event = object | string

function watch(path: string, ...events: Event[]): StreamWatcher {
  const watcher = new StreamWatcher(dialectOf(path)!)
  for (const event of events) feed(watcher, event)
  return watcher
}

function feed(watcher: StreamWatcher, event: Event): void {
  const data = typeof event === 'string' ? event : JSON.stringify(event)
  watcher.feed(new TextEncoder().encode(`data: ${data}\n\n`))
}

const chat = (...events: Event[]) => watch('/chat/completions', ...events)
const delta = (fields: object, rest: object = {}) => ({ choices: [{ index: 0, delta: fields, ...rest }] })
const finish = (index = 0) => ({ choices: [{ index, delta: {}, finish_reason: 'stop' }] })

it('knows the dialects of three paths', () => {
  expect(['/chat/completions', '/completions', '/responses'].map((path) => typeof dialectOf(path))).toEqual(
    Array(3).fill('function'),
  )
  expect(['/embeddings', '/', '/chat/completions/x'].map(dialectOf)).toEqual([undefined, undefined, undefined])
})

describe('the first content of a chat', () => {
  it.each([
    ['a role', delta({ role: 'assistant' })],
    ['a role with empty text', delta({ role: 'assistant', content: '' })],
    ['a role with null', delta({ role: 'assistant', content: null, refusal: null })],
    ['an empty delta', delta({})],
    ['no delta', { choices: [{ index: 0 }] }],
    ['no choices', { choices: [] }],
    ['usage alone', { usage: { total_tokens: 1 } }],
    ['an empty list of tool calls', delta({ tool_calls: [] })],
    ['empty reasoning', delta({ reasoning_content: '', reasoning: '' })],
    ['odd shapes', { choices: [null, 5, { delta: 'x' }, { delta: { content: 5 } }] }],
    ['choices that are no list', { choices: { 0: delta({ content: 'a' }) } }],
    ['the end mark', '[DONE]'],
    ['a list', '[1]'],
    ['an empty event', ''],
  ])('is not %s', (_, event) => {
    expect(chat(event)).toMatchObject({ hasContent: false, text: '', failure: undefined, events: 1 })
  })

  it.each([
    ['text', { content: 'a' }, 'a'],
    ['a refusal', { refusal: 'no' }, 'no'],
    ['reasoning_content', { reasoning_content: 'hm' }, ''],
    ['reasoning', { reasoning: 'hm' }, ''],
    ['a tool call', { tool_calls: [{ index: 0, function: { name: 'f' } }] }, ''],
    ['a function call', { function_call: { name: 'f' } }, ''],
    ['parts', { content: [{ type: 'thinking', thinking: 'hm' }] }, ''],
    ['sound', { audio: { id: 'a', data: 'AAAA' } }, ''],
  ])('is %s', (_, fields, text) => {
    expect(chat(delta(fields))).toMatchObject({ hasContent: true, text, isComplete: false })
  })

  it('is not a comment; that is no event at all', () => {
    const watcher = chat()
    watcher.feed(new TextEncoder().encode(': keep-alive\n\n: again\n\n'))
    expect(watcher).toMatchObject({ events: 0, hasContent: false })
  })
})

describe('a chat is complete', () => {
  it('when the choice that was begun is finished, with or without the end mark', () => {
    expect(chat(delta({ content: 'a' }), finish()).isComplete).toBe(true)
    expect(chat(delta({ content: 'a' }), finish(), '[DONE]').isComplete).toBe(true)
    expect(chat(delta({ content: 'a' }, { finish_reason: 'length' })).isComplete).toBe(true)
  })

  it('when it is finished without any content', () => {
    expect(chat(delta({ role: 'assistant' }), finish()).isComplete).toBe(true)
  })

  it('only when all choices are', () => {
    const second = { choices: [{ index: 1, delta: { content: 'b' } }] }
    const watcher = chat(delta({ content: 'a' }), second, finish(0))
    expect(watcher.isComplete).toBe(false)
    feed(watcher, finish(1))
    expect([watcher.isComplete, watcher.text]).toEqual([true, 'ab'])
  })

  it('not while a choice of which only the role came is unfinished', () => {
    const watcher = chat(delta({ role: 'assistant' }), { choices: [{ index: 1, delta: { role: 'assistant' } }] })
    for (const event of [delta({ content: 'a' }), finish(0)]) feed(watcher, event)
    expect(watcher.isComplete).toBe(false)
    feed(watcher, finish(1))
    expect(watcher.isComplete).toBe(true)
  })

  it('also when a finished choice is spoken of again, as in an event of usage', () => {
    expect(chat(delta({ content: 'a' }), finish(), delta({})).isComplete).toBe(true)
  })

  it('not by a reason that is empty', () => {
    const unfinished = delta({ content: 'a' }, { finish_reason: '' })
    expect(chat(unfinished).isComplete).toBe(false)
    expect(chat(unfinished, finish()).facts.finishReasons).toEqual(['stop'])
  })

  it('not by the end mark alone', () => {
    expect(chat(delta({ content: 'a' }), '[DONE]').isComplete).toBe(false)
    expect(chat('[DONE]').isComplete).toBe(false)
  })

  it('when the last event lacks its blank line', () => {
    const watcher = chat(delta({ content: 'a' }))
    watcher.feed(new TextEncoder().encode(`data: ${JSON.stringify(finish())}`))
    expect(watcher.isComplete).toBe(false)
    watcher.end()
    expect(watcher.isComplete).toBe(true)
  })
})

describe('an error in a stream', () => {
  const rows: [string, Event, VerdictKind, string?][] = [
    ['an object', { error: { message: 'm', code: 'server_error' } }, 'unavailable', 'server_error'],
    ['text', { error: 'overloaded with work' }, 'unavailable'],
    ['beside choices', { choices: [], error: { code: 500 } }, 'unavailable', '500'],
    ['a quota code', { error: { code: 'insufficient_quota' } }, 'rate-limited', 'insufficient_quota'],
    ['a rate limit number', { error: { code: 429 } }, 'rate-limited', '429'],
    ['an overloaded type', { type: 'error', error: { type: 'overloaded_error' } }, 'rate-limited', 'overloaded_error'],
    ['the flat form', { object: 'error', message: 'm', code: 500 }, 'unavailable', '500'],
    [
      'an error event of the Responses API',
      { type: 'error', code: 'rate_limit_exceeded' },
      'rate-limited',
      'rate_limit_exceeded',
    ],
    [
      'a context that is too long',
      { type: 'error', error: { code: 'context_length_exceeded' } },
      'unsuitable',
      'context_length_exceeded',
    ],
    [
      'a failed response',
      { type: 'response.failed', response: { error: { code: 'server_error' } } },
      'unavailable',
      'server_error',
    ],
    ['half an event', '{"choices":[{"del', 'unavailable'],
    ['a number', '5', 'unavailable'],
    ['words', 'Internal Server Error', 'unavailable'],
  ]
  it.each(rows)('is seen as %s', (...row) => {
    const [, event, kind, code = ''] = row
    const { failure, isComplete } = watch('/responses', event)
    expect([failure?.kind, isComplete]).toEqual([kind, false])
    expect(failure?.reason).toContain(code)
    expect(failure?.reason).not.toContain('overloaded with work')
  })

  it('stays, whatever comes after', () => {
    const watcher = chat(delta({ content: 'a' }), { error: { code: 'first' } }, { error: { code: 'second' } }, finish())
    expect(watcher).toMatchObject({ isComplete: false, text: 'a', hasContent: true })
    expect(watcher.failure?.reason).toContain('first')
  })

  it('is none when the field is null', () => {
    expect(chat({ ...delta({ content: 'a' }), error: null }).failure).toBeUndefined()
  })
})

describe('legacy completions', () => {
  it('have text as content and end by finish_reason', () => {
    const watcher = watch('/completions', { choices: [{ text: '' }] })
    expect(watcher.hasContent).toBe(false)
    const whole = watch(
      '/completions',
      { choices: [{ index: 0, text: 'a' }] },
      { choices: [{ text: 'b', finish_reason: 'stop' }] },
    )
    expect(whole).toMatchObject({ hasContent: true, text: 'ab', isComplete: true })
  })
})

describe('the Responses API', () => {
  const created = { type: 'response.created', response: { error: null } }
  const item = { type: 'response.output_item.added', item: {} }
  const text = (part: string) => ({ type: 'response.output_text.delta', delta: part })

  it('has content with the first delta that says something', () => {
    expect(watch('/responses', created, item, text(''))).toMatchObject({ hasContent: false, failure: undefined })
    expect(watch('/responses', created, text('a'), text('b'))).toMatchObject({ hasContent: true, text: 'ab' })
  })

  it.each([
    ['response.refusal.delta', 'x'],
    ['response.reasoning_text.delta', ''],
    ['response.reasoning_summary_text.delta', ''],
    ['response.function_call_arguments.delta', ''],
  ])('takes %s as content with the text %j', (type, expected) => {
    expect(watch('/responses', { type, delta: 'x' })).toMatchObject({ hasContent: true, text: expected })
  })

  it.each(['response.completed', 'response.incomplete'])('is complete with %s', (type) => {
    expect(watch('/responses', created, text('a')).isComplete).toBe(false)
    expect(watch('/responses', created, text('a'), { type, response: { error: null } }).isComplete).toBe(true)
  })
})

describe('what a stream says about its answer', () => {
  const bytes = (...events: unknown[]): Uint8Array =>
    new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))

  it('is gathered from its first, finishing and usage events', () => {
    const watcher = new StreamWatcher(dialectOf('/chat/completions')!)
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
    watcher.feed(
      bytes(
        { id: 'c-1', model: 'm-1', choices: [{ index: 0, delta: { content: 'a' } }] },
        { choices: [{ index: 0, delta: { content: 'b' } }] },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        { choices: [], usage },
      ),
    )
    const tokens = { inputTokens: 3, outputTokens: 2, totalTokens: 5 }
    expect(watcher.facts).toEqual({ id: 'c-1', model: 'm-1', finishReasons: ['stop'], ...tokens })
  })

  it('holds the reasons of choices that finish one after the other', () => {
    const watcher = new StreamWatcher(dialectOf('/chat/completions')!)
    const finish = (index: number, finish_reason: string) => ({ choices: [{ index, delta: {}, finish_reason }] })
    watcher.feed(bytes(finish(0, 'stop'), finish(1, 'length')))
    expect(watcher.facts).toEqual({ finishReasons: ['stop', 'length'] })
  })

  it('ends with the closing event of the Responses API', () => {
    const watcher = new StreamWatcher(dialectOf('/responses')!)
    watcher.feed(bytes({ type: 'response.output_text.delta', delta: 'hi' }))
    expect(watcher.isDone).toBe(false)
    watcher.feed(bytes({ type: 'response.completed', response: { id: 'r', model: 'm', usage: { total_tokens: 4 } } }))
    expect([watcher.isDone, watcher.facts]).toEqual([true, { id: 'r', model: 'm', totalTokens: 4 }])
  })
})
