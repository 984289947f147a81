import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { manage } from './fixtures/manage.ts'
import { manualSource, scriptedSource, setOf } from './fixtures/refresh-kit.ts'

describe('in the background', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('refreshes at once without an initial set, then at each interval', async () => {
    const source = scriptedSource([setOf(1)])
    const { manager } = manage({ source, intervalMs: 1_000 })
    manager.start()
    expect(manager.isRunning).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(source.calls).toBe(1)
    await vi.advanceTimersByTimeAsync(999)
    expect(source.calls).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(source.calls).toBe(2)
    await manager.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(source.calls).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('waits one interval when it was given an initial set; start() may set the interval', async () => {
    const source = scriptedSource([setOf(1)])
    const { manager } = manage({ source, initial: setOf(1) })
    manager.start(500)
    manager.start(10)
    await vi.advanceTimersByTimeAsync(499)
    expect(source.calls).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(source.calls).toBe(1)
    await manager.stop()
  })

  test('backs off while the source fails and returns to the interval when it recovers', async () => {
    const down = new Error('down')
    const source = scriptedSource([down, down, setOf(2), setOf(2)])
    const { manager } = manage({ source, initial: setOf(1), intervalMs: 1_000 })
    manager.start()
    const times: number[] = []
    for (let ms = 0; ms <= 9_000; ms += 500) {
      if (source.calls > times.length) times.push(ms)
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(times).toEqual([1_000, 3_000, 7_000, 8_000, 9_000])
    await manager.stop()
  })

  test('jitters the waits', async () => {
    const source = scriptedSource([setOf(1)])
    const { manager } = manage({ source, initial: setOf(1), intervalMs: 1_000, jitter: 0.2, random: () => 0 })
    manager.start()
    await vi.advanceTimersByTimeAsync(800)
    expect(source.calls).toBe(1)
    await manager.stop()
  })

  test('stop() aborts the running refresh and waits for it, also when the source ignores its signal', async () => {
    const source = manualSource()
    const { manager, sink } = manage({ source })
    manager.start()
    await vi.advanceTimersByTimeAsync(0)
    const waiting = manager.refreshNow()
    await Promise.all([manager.stop(), manager.stop()])
    expect(source.pending[0]?.signal?.aborted).toBe(true)
    expect(await waiting).toMatchObject({ success: false, error: { code: 'refresh-failed' } })
    source.pending[0]?.resolve(setOf(5))
    await vi.advanceTimersByTimeAsync(0)
    expect([sink.sets.length, manager.currentEpoch, manager.isRunning]).toEqual([0, undefined, false])
  })

  test('stop() waits for a set that is being reconciled', async () => {
    let finish: (() => void) | undefined
    const sink = {
      reconcile: () =>
        new Promise<{ added: number; removed: number; updated: number }>((resolve) => {
          finish = () => resolve({ added: 2, removed: 0, updated: 0 })
        }),
    }
    const { manager } = manage({ source: scriptedSource([setOf(3)]), sink })
    manager.start()
    await vi.advanceTimersByTimeAsync(0)
    const stopped = vi.fn()
    const stopping = manager.stop().then(stopped)
    await vi.advanceTimersByTimeAsync(0)
    expect(stopped).not.toHaveBeenCalled()
    finish?.()
    await stopping
    expect(manager.currentEpoch).toBe(3)
  })

  test('starts again after stop(), also while a refresh is still ending, with one chain of timers', async () => {
    const source = scriptedSource([setOf(1)])
    const { manager } = manage({ source, intervalMs: 1_000 })
    manager.start()
    vi.advanceTimersByTime(0)
    const stopping = manager.stop()
    manager.start()
    await stopping
    await vi.advanceTimersByTimeAsync(0)
    expect(manager.isRunning).toBe(true)
    const before = source.calls
    await vi.advanceTimersByTimeAsync(3_000)
    expect(source.calls - before).toBe(3)
    await manager.stop()
  })
})

describe('in the background, with an interval of an hour', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const HOUR_MS = 3_600_000
  const down = new Error('down')

  /** When the source was asked within two hours, in minutes after the start. */
  async function minutesOf(script: Parameters<typeof scriptedSource>[0], options: object): Promise<number[]> {
    const source = scriptedSource(script)
    const { manager } = manage({ source, intervalMs: HOUR_MS, ...options })
    manager.start()
    const minutes: number[] = []
    for (let minute = 0; minute <= 120; minute += 1) {
      await vi.advanceTimersByTimeAsync(0)
      if (source.calls > minutes.length) minutes.push(minute)
      await vi.advanceTimersByTimeAsync(60_000)
    }
    await manager.stop()
    return minutes
  }

  test('a stored set is not kept for an hour because its source was down at the start', async () => {
    const stored = { initial: setOf(1), initialIsStale: true }
    expect(await minutesOf([down, down, setOf(2)], stored)).toEqual([1, 3, 7, 67])
  })

  test('neither is nobody at all', async () => {
    expect(await minutesOf([down, down, setOf(2)], {})).toEqual([0, 2, 6, 66])
  })

  test('a set that a source gave is', async () => {
    expect(await minutesOf([down, setOf(2)], { initial: setOf(1) })).toEqual([60])
  })
})
