import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { untilAborted } from './until-aborted.ts'

const REASON = new Error('the caller has left')

test('leaves no listener behind', async () => {
  const { signal } = new AbortController()
  await untilAborted(Promise.resolve(1), signal)
  await untilAborted(Promise.reject(REASON), signal).catch(() => {})
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('prefers the reason of the signal to the error that the abort caused', async () => {
  const abort = new AbortController()
  const work = new Promise((_, reject) => {
    abort.signal.addEventListener('abort', () => reject(new Error('socket closed')))
  })
  const waiting = untilAborted(work, abort.signal)
  abort.abort(REASON)
  await expect(waiting).rejects.toBe(REASON)
})

test('does without a signal', async () => {
  expect(await untilAborted(Promise.resolve(1), undefined)).toBe(1)
})
