import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CallScope } from './call-scope.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const REASON = new Error('enough')

describe('the caller’s abort', () => {
  it('reaches the call and the attempt in progress with its reason', () => {
    const caller = new AbortController()
    const scope = new CallScope(caller.signal)
    const [first, second] = [scope.startAttempt(), scope.startAttempt()]
    caller.abort(REASON)
    expect([scope.signal.reason, second.signal.reason, scope.callerAborted]).toEqual([REASON, REASON, true])
    expect(first.signal.aborted).toBe(false)
  })

  it('reaches attempts that start later, and a call that starts later', () => {
    const scope = new CallScope(AbortSignal.abort(REASON))
    expect([scope.signal.reason, scope.startAttempt().signal.reason]).toEqual([REASON, REASON])
  })

  it('costs one listener per call, and none afterwards', () => {
    const { signal } = new AbortController()
    const scope = new CallScope(signal)
    for (let i = 0; i < 20; i++) scope.startAttempt()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    scope.dispose()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('the deadline', () => {
  it('ends the call at its time with a reason made then', () => {
    const scope = new CallScope(undefined)
    const createReason = vi.fn(() => REASON)
    scope.setDeadline(1_000, createReason)
    const attempt = scope.startAttempt()
    vi.advanceTimersByTime(999)
    expect(createReason).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect([attempt.signal.reason, scope.signal.reason, scope.callerAborted]).toEqual([REASON, REASON, false])
  })

  it('is let go with the call', () => {
    const scope = new CallScope(undefined)
    scope.setDeadline(1_000, () => REASON)
    scope.dispose()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([Number.POSITIVE_INFINITY, 1e12])('of %d ms does not wrap round', (deadlineMs) => {
    const scope = new CallScope(undefined)
    scope.setDeadline(deadlineMs, () => REASON)
    vi.advanceTimersByTime(86_400_000)
    expect(scope.signal.aborted).toBe(false)
    scope.dispose()
  })
})

describe('the clock of an attempt', () => {
  it('aborts the attempt alone and says which limit ran out', () => {
    const scope = new CallScope(undefined)
    const attempt = scope.startAttempt()
    attempt.arm('no-headers', 50)
    attempt.arm('no-content', 100)
    vi.advanceTimersByTime(99)
    expect(attempt.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    const reason = { name: 'AttemptTimeout', code: 'no-content', message: 'no-content within 100 ms' }
    expect([attempt.signal.reason, scope.signal.aborted]).toEqual([expect.objectContaining(reason), false])
  })

  it.each(['disarm', 'abort'] as const)('stops with %s', (end) => {
    const attempt = new CallScope(undefined).startAttempt()
    attempt.arm('stalled', 50)
    attempt[end](REASON)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([Number.POSITIVE_INFINITY, 1e12])('of %d ms does not wrap round', (limitMs) => {
    const attempt = new CallScope(undefined).startAttempt()
    attempt.arm('no-answer', limitMs)
    vi.advanceTimersByTime(86_400_000)
    expect(attempt.signal.aborted).toBe(false)
    attempt.disarm()
  })
})

describe('a race', () => {
  it('gives what the promise gives, and lets go of the signal', async () => {
    const attempt = new CallScope(undefined).startAttempt()
    expect(await attempt.race(Promise.resolve(5))).toBe(5)
    await expect(attempt.race(Promise.reject(REASON))).rejects.toBe(REASON)
    expect(getEventListeners(attempt.signal, 'abort')).toHaveLength(0)
  })

  it('ends with the abort when the promise never does', async () => {
    const attempt = new CallScope(undefined).startAttempt()
    const racing = attempt.race(new Promise(() => {}))
    attempt.abort(REASON)
    await expect(racing).rejects.toBe(REASON)
    await expect(attempt.race(new Promise(() => {}))).rejects.toBe(REASON)
  })

  it('swallows what the promise throws after it lost', async () => {
    const attempt = new CallScope(undefined).startAttempt()
    attempt.abort(REASON)
    await expect(attempt.race(Promise.reject(new Error('late')))).rejects.toBe(REASON)
  })
})
