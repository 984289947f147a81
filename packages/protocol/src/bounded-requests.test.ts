import { expect, test, vi } from 'vitest'
import { readBodyText } from './read-body-text.ts'
import { runWithTimeout } from './run-with-timeout.ts'

test('a body is read up to its limit, and its rest is cancelled', async () => {
  expect(await readBodyText(new Response('Grüße'), 7)).toBe('Grüße')
  expect(await readBodyText(new Response(null), 0)).toBe('')
  const cancel = vi.fn()
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(8)),
    cancel,
  })
  expect(await readBodyText(new Response(endless), 100)).toBeUndefined()
  expect(cancel).toHaveBeenCalledOnce()
})

test('a task that ignores its signal ends at its time, and lets go of the caller', async () => {
  vi.useFakeTimers()
  try {
    const caller = new AbortController()
    const remove = vi.spyOn(caller.signal, 'removeEventListener')
    let inner: AbortSignal | undefined
    const options = { timeoutMs: 50, createTimeoutError: () => new Error('too slow'), signal: caller.signal }
    const running = runWithTimeout((signal) => {
      inner = signal
      return new Promise<never>(() => {})
    }, options)
    running.catch(() => {})
    await vi.advanceTimersByTimeAsync(50)
    await expect(running).rejects.toThrow('too slow')
    expect([inner?.aborted, remove.mock.calls.length, vi.getTimerCount()]).toEqual([true, 1, 0])
  } finally {
    vi.useRealTimers()
  }
})

test('the reason of the caller ends a task at once, also before it starts', async () => {
  const caller = new AbortController()
  const options = { timeoutMs: 60_000, createTimeoutError: () => new Error('too slow'), signal: caller.signal }
  const running = runWithTimeout(() => new Promise<never>(() => {}), options)
  const reason = new Error('enough')
  caller.abort(reason)
  await expect(running).rejects.toBe(reason)
  await expect(runWithTimeout(() => expect.unreachable(), options)).rejects.toBe(reason)
})
