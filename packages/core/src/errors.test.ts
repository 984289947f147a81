import { inspect } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import {
  AllModelsFailedError,
  type Attempt,
  createVerdict,
  DeadlineExceededError,
  isMultiplexerError,
  ModelSelectionError,
  MultiplexerError,
  QueueFullError,
  QueueTimeoutError,
  StreamInterruptedError,
  type VerdictKind,
} from './index-errors.ts'
import { isVerdict } from './verdict.ts'

const CAUSE = new Error('underneath')

function attempt(kind: VerdictKind): Attempt {
  return { member: 'a', verdict: createVerdict(kind), ms: 1 }
}

function interrupted(partialText: string): StreamInterruptedError {
  return new StreamInterruptedError('broke off', { member: 'a', partialText, attempts: [], cause: CAUSE })
}

const ERRORS: [MultiplexerError, string, string, object][] = [
  [
    new MultiplexerError('request-too-large', 'm', { cause: CAUSE }),
    'MultiplexerError',
    'request-too-large',
    { cause: CAUSE },
  ],
  [
    new ModelSelectionError('m', { model: 'x', available: ['y'] }),
    'ModelSelectionError',
    'model-unknown',
    { model: 'x', available: ['y'] },
  ],
  [
    new ModelSelectionError('m', { model: undefined, available: [] }),
    'ModelSelectionError',
    'no-members',
    { available: [] },
  ],
  [
    new AllModelsFailedError('m', { attempts: [], retryAfterMs: 5, cause: CAUSE }),
    'AllModelsFailedError',
    'all-models-failed',
    { retryAfterMs: 5, cause: CAUSE },
  ],
  [new QueueFullError(3), 'QueueFullError', 'queue-full', { queued: 3 }],
  [new QueueTimeoutError(500), 'QueueTimeoutError', 'queue-timeout', { waitedMs: 500 }],
  [new DeadlineExceededError(900, [attempt('ok')]), 'DeadlineExceededError', 'deadline-exceeded', { deadlineMs: 900 }],
  [interrupted('x'), 'StreamInterruptedError', 'stream-interrupted', { member: 'a', cause: CAUSE }],
]

describe('every error', () => {
  it.each(ERRORS)('%s has its name, code and data, and is of the family', (...row) => {
    const [error, name, code, data] = row
    expect(error).toMatchObject({ name, code, ...data })
    expect([error instanceof MultiplexerError, error instanceof Error, isMultiplexerError(error)]).toEqual([
      true,
      true,
      true,
    ])
    expect(String(error)).toBe(`${name}: ${error.message}`)
    expect(error.stack).toContain('errors.test.ts')
  })

  it('has a cause only when there is one', () => {
    expect('cause' in new MultiplexerError('c', 'm')).toBe(false)
    expect('cause' in new AllModelsFailedError('m', { attempts: [] })).toBe(false)
  })
})

describe('telling errors of this library', () => {
  it('works across two copies of it', async () => {
    vi.resetModules()
    const copy = await import('./errors.ts')
    const theirs = new copy.QueueFullError(1)
    expect(theirs).not.toBeInstanceOf(QueueFullError)
    expect([isMultiplexerError(theirs), copy.isMultiplexerError(new QueueFullError(1))]).toEqual([true, true])
  })

  it('works across realms', () => {
    const brandOf = (error: object) => Object.getOwnPropertyNames(error).find((name) => name.includes('/'))
    const foreign: unknown = runInContext(
      `class E extends Error {}; Object.defineProperty(new E('m'), ${JSON.stringify(brandOf(new QueueFullError(1)))}, { value: true })`,
      createContext(),
    )
    expect([foreign instanceof Error, isMultiplexerError(foreign)]).toEqual([false, true])
  })

  it.each([
    undefined,
    null,
    'text',
    5,
    {},
    new Error('x'),
    Object.assign(new Error('x'), { name: 'MultiplexerError', code: 'queue-full' }),
  ])('says no to %s', (value) => {
    expect(isMultiplexerError(value)).toBe(false)
  })

  it('leaves the brand out of sight', () => {
    expect(Object.keys(new MultiplexerError('c', 'm')).sort()).toEqual(['code', 'name'])
  })
})

describe('the text that came before a break', () => {
  it('is there to read, and in no inspection, JSON, copy or message', () => {
    const error = interrupted('the answer so far')
    expect(error.partialText).toBe('the answer so far')
    for (const shown of [
      inspect(error, { depth: 9 }),
      JSON.stringify(error),
      JSON.stringify({ ...error }),
      String(error),
      error.stack,
    ]) {
      expect(shown).not.toContain('so far')
    }
  })
})

describe('the status when all failed', () => {
  it.each<[VerdictKind[], number]>([
    [['rate-limited'], 429],
    [['rate-limited', 'rate-limited'], 429],
    [['rate-limited', 'unavailable'], 503],
    [[], 503],
  ])('after %j is %i', (kinds, statusCode) => {
    expect(new AllModelsFailedError('m', { attempts: kinds.map(attempt) }).statusCode).toBe(statusCode)
  })
})

describe('a verdict', () => {
  it.each<[VerdictKind, string]>([
    ['ok', 'none'],
    ['rate-limited', 'member'],
    ['unavailable', 'member'],
    ['interrupted', 'member'],
    ['unauthorized', 'member'],
    ['model-missing', 'member-model'],
    ['unsuitable', 'request-model'],
    ['invalid-request', 'request'],
    ['cancelled', 'request'],
    ['suspended', 'group'],
  ])('of kind %s is about the %s', (kind, scope) => {
    expect(createVerdict(kind)).toEqual({ kind, scope })
    expect(createVerdict(kind, { retryAfterMs: 0, reason: '' })).toEqual({ kind, scope, retryAfterMs: 0, reason: '' })
    expect(isVerdict(createVerdict(kind, { retryAfterMs: Number.POSITIVE_INFINITY }))).toBe(true)
  })

  it.each([
    undefined,
    null,
    'ok',
    {},
    { kind: 'toString' },
    { kind: 'ok', retryAfterMs: '5' },
    { kind: 'ok', retryAfterMs: -1 },
  ])('is not %j', (value) => {
    expect(isVerdict(value)).toBe(false)
  })
})
