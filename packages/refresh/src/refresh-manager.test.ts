import { inspect } from 'node:util'
import { GonkaDiscoveryError, GonkaRefreshError } from '@gonka/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { manualSource, recordingSink, scriptedSource, setOf } from './fixtures/refresh-kit.ts'
import { RefreshManager } from './refresh-manager.ts'
import type { RefreshManagerOptions } from './types.ts'

function manage(options: Partial<RefreshManagerOptions> & Pick<RefreshManagerOptions, 'source'>) {
  const sink = recordingSink()
  const lines: string[] = []
  const logger = {
    info: (message: string, details?: object) => lines.push(`info ${message} ${inspect(details)}`),
    warn: (message: string, details?: object) => lines.push(`warn ${message} ${inspect(details)}`),
  }
  const manager = new RefreshManager({ sink, logger, jitter: 0, now: () => 1_700_000_000_000, ...options })
  return { manager, sink, lines }
}

describe('one refresh', () => {
  test('hands the first set to the sink and reports a new epoch', async () => {
    const { manager, sink } = manage({ source: scriptedSource([setOf(7, 3)]) })
    expect([manager.currentEpoch, manager.currentSet, manager.lastRefresh]).toEqual([undefined, undefined, undefined])
    expect(await manager.refreshNow()).toEqual({
      success: true,
      epochChanged: true,
      oldEpoch: undefined,
      newEpoch: 7,
      participantsAdded: 3,
      participantsRemoved: 0,
      participantsUpdated: 0,
      error: undefined,
    })
    expect(sink.sets).toEqual([setOf(7, 3)])
    expect(manager.currentEpoch).toBe(7)
    expect(manager.lastRefresh).toEqual(new Date(1_700_000_000_000))
  })

  test('reconciles inside an epoch too, without calling it a change', async () => {
    const { manager, sink } = manage({ source: scriptedSource([setOf(7, 1)]), initial: setOf(7, 3) })
    const result = await manager.refreshNow()
    expect(result).toMatchObject({ success: true, epochChanged: false, oldEpoch: undefined, newEpoch: undefined })
    expect(sink.sets).toEqual([setOf(7, 1)])
    expect(manager.currentSet).toEqual(setOf(7, 1))
  })

  test('keeps the set in use when the source fails, and says why', async () => {
    const cause = new GonkaDiscoveryError('discovery-failed', 'node1.example answered 503.')
    const { manager, sink, lines } = manage({ source: scriptedSource([cause]), initial: setOf(7) })
    const result = await manager.refreshNow()
    expect(result).toMatchObject({ success: false, epochChanged: false, participantsAdded: 0, participantsRemoved: 0 })
    expect(result.error).toBeInstanceOf(GonkaRefreshError)
    expect(result.error).toMatchObject({ code: 'refresh-failed', lastSuccessfulEpoch: 7, cause })
    expect(result.error?.message).toBe('The refresh failed and epoch 7 stays in use: node1.example answered 503.')
    expect([manager.currentEpoch, sink.sets, manager.lastRefresh]).toEqual([7, [], undefined])
    expect(lines).toEqual([expect.stringContaining('warn The refresh failed and epoch 7')])
  })

  test('repeats no message of a foreign error, which may hold anything', async () => {
    const { manager, lines } = manage({ source: scriptedSource([new TypeError('token=hunter2')]) })
    const result = await manager.refreshNow()
    expect(result.error?.message).toBe('The refresh failed and there is no earlier set: TypeError')
    expect(lines.join()).not.toContain('hunter2')
  })

  test.each([
    ['an older epoch', setOf(6), 'went back from epoch 7 to 6'],
    ['a broken epoch', { ...setOf(7), epochId: Number.NaN }, 'epochId must be a whole number >= 0; got number NaN'],
    ['an empty set', { epochId: 8, participants: [] }, 'Epoch 8 has no usable participants'],
  ])('refuses %s', async (_, set, text) => {
    const { manager, sink } = manage({ source: scriptedSource([set]), initial: setOf(7) })
    const result = await manager.refreshNow()
    expect(result.success).toBe(false)
    expect(result.error).toBeInstanceOf(GonkaRefreshError)
    expect(result.error?.message).toContain(text)
    expect([manager.currentEpoch, sink.sets.length]).toEqual([7, 0])
  })

  test('offers the set again after the sink failed', async () => {
    const accepting = recordingSink()
    let attempts = 0
    const sink = {
      reconcile: (set: Parameters<typeof accepting.reconcile>[0]) => {
        attempts += 1
        if (attempts === 1) throw new Error('pool is closed')
        return accepting.reconcile(set)
      },
    }
    const { manager } = manage({ source: scriptedSource([setOf(8)]), sink, initial: setOf(7) })
    expect(await manager.refreshNow()).toMatchObject({ success: false })
    expect(manager.currentEpoch).toBe(7)
    expect(await manager.refreshNow()).toMatchObject({ success: true, epochChanged: true, oldEpoch: 7, newEpoch: 8 })
  })

  test('survives a source that throws before it returns a promise, and a logger that throws', async () => {
    const fail = () => {
      throw new Error('broken')
    }
    const { manager } = manage({ source: { discover: fail }, logger: { info: fail, warn: fail } })
    expect(await manager.refreshNow()).toMatchObject({ success: false })
  })
})

describe('the archive', () => {
  function recordingArchive() {
    const saved: unknown[] = []
    return { saved, save: async (set: unknown) => void saved.push(set) }
  }

  test('is given each set that came into use, with what the source says of it, before the refresh ends', async () => {
    const archive = recordingArchive()
    const good = { ...setOf(7), sourceUrl: 'http://node1.example', trust: 'none' as const }
    const source = scriptedSource([good, new Error('down'), setOf(6), { epochId: 8, participants: [] }, setOf(8)])
    const { manager } = manage({ source, archive })
    for (let turn = 0; turn < 5; turn += 1) await manager.refreshNow()
    expect(archive.saved).toEqual([good, setOf(8)])
  })

  test('is given no set that the sink refused', async () => {
    const archive = recordingArchive()
    const sink = { reconcile: () => Promise.reject(new Error('pool is closed')) }
    const { manager } = manage({ source: scriptedSource([setOf(7)]), sink, archive })
    await manager.refreshNow()
    expect(archive.saved).toEqual([])
  })

  test('that fails is logged, and the set is in use all the same', async () => {
    const archive = { save: () => Promise.reject(new RangeError('token=hunter2')) }
    const { manager, lines } = manage({ source: scriptedSource([setOf(7)]), archive })
    expect(await manager.refreshNow()).toMatchObject({ success: true, newEpoch: 7 })
    expect(lines.at(-1)).toMatch(/warn the participants could not be stored.*RangeError/)
    expect(lines.join()).not.toContain('hunter2')
  })

  test('is waited for by stop()', async () => {
    let finish: (() => void) | undefined
    const save = () =>
      new Promise<void>((resolve) => {
        finish = resolve
      })
    const archive = { save }
    const { manager } = manage({ source: scriptedSource([setOf(7)]), archive })
    const refreshing = manager.refreshNow()
    await vi.waitUntil(() => finish)
    const stopped = vi.fn()
    const stopping = manager.stop().then(stopped)
    await Promise.resolve()
    expect(stopped).not.toHaveBeenCalled()
    finish?.()
    await stopping
    expect(await refreshing).toMatchObject({ success: true })
  })
})

describe('a stored set', () => {
  const stored = { initial: setOf(7), initialIsStale: true }

  test('is stale until a source confirms or replaces it', async () => {
    const { manager, sink } = manage({ source: scriptedSource([new Error('down'), setOf(7, 3)]), ...stored })
    expect([manager.isStale, manager.currentEpoch]).toEqual([true, 7])
    expect(await manager.refreshNow()).toMatchObject({ success: false })
    expect(manager.isStale).toBe(true)
    expect(await manager.refreshNow()).toMatchObject({ success: true, epochChanged: false })
    expect([manager.isStale, sink.sets]).toEqual([false, [setOf(7, 3)]])
  })

  test('is not replaced by an older epoch', async () => {
    const { manager, sink } = manage({ source: scriptedSource([setOf(6)]), ...stored })
    const result = await manager.refreshNow()
    expect(result.error?.message).toContain('went back from epoch 7 to 6')
    expect([manager.isStale, manager.currentEpoch, sink.sets]).toEqual([true, 7, []])
  })

  test('is not what a manager has that was given none', () => {
    const { manager } = manage({ source: scriptedSource([]), initialIsStale: true })
    expect(manager.isStale).toBe(false)
    expect(manage({ source: scriptedSource([]), initial: setOf(7) }).manager.isStale).toBe(false)
  })
})

describe('callers', () => {
  test('share the running refresh', async () => {
    const source = manualSource()
    const { manager, sink } = manage({ source })
    const both = [manager.refreshNow(), manager.refreshNow()]
    expect(source.pending).toHaveLength(1)
    source.pending[0]?.resolve(setOf(1))
    const [first, second] = await Promise.all(both)
    expect(first).toBe(second)
    expect(sink.sets).toHaveLength(1)
  })

  test('stop waiting when they abort, without ending the refresh for others', async () => {
    const source = manualSource()
    const { manager } = manage({ source })
    const patient = manager.refreshNow()
    const controller = new AbortController()
    const hasty = manager.refreshNow({ signal: controller.signal })
    controller.abort(new Error('gone'))
    await expect(hasty).rejects.toThrow('gone')
    expect(source.pending[0]?.signal?.aborted).toBe(false)
    source.pending[0]?.resolve(setOf(1))
    expect(await patient).toMatchObject({ success: true })
  })

  test('that are aborted already start nothing', async () => {
    const source = manualSource()
    const { manager } = manage({ source })
    await expect(manager.refreshNow({ signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
    expect(source.pending).toHaveLength(0)
  })
})

describe('the listener', () => {
  test('hears of the first epoch and of each new one, after the sink has it', async () => {
    const heard: unknown[] = []
    const { manager, sink } = manage({ source: scriptedSource([setOf(7), setOf(7), setOf(9, 1)]) })
    manager.onEpochChange = (...args) => {
      heard.push([...args.slice(0, 2), sink.sets.length])
    }
    for (let turn = 0; turn < 3; turn += 1) await manager.refreshNow()
    expect(heard).toEqual([
      [undefined, 7, 1],
      [7, 9, 3],
    ])
  })

  test('is not told of the initial set', async () => {
    const onEpochChange = vi.fn()
    const { manager } = manage({ source: scriptedSource([setOf(7)]), initial: setOf(7), onEpochChange })
    await manager.refreshNow()
    expect(onEpochChange).not.toHaveBeenCalled()
  })

  test.each([
    [
      'throws',
      () => {
        throw new RangeError('mine')
      },
    ],
    ['rejects', () => Promise.reject(new RangeError('mine'))],
  ])('that %s is contained and logged', async (_, onEpochChange) => {
    const { manager, lines } = manage({ source: scriptedSource([setOf(7)]), onEpochChange })
    expect(await manager.refreshNow()).toMatchObject({ success: true, epochChanged: true })
    await Promise.resolve()
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(/onEpochChange failed.*RangeError/),
    ])
  })

  test('may refresh and stop the manager without waiting for itself', async () => {
    const { manager } = manage({ source: scriptedSource([setOf(7)]) })
    const inner = new Promise((resolve) => {
      manager.onEpochChange = async () => {
        await manager.refreshNow()
        await manager.stop()
        resolve('done')
      }
    })
    await manager.refreshNow()
    expect(await inner).toBe('done')
  })
})

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

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60' as never])(
  'an interval of %s is refused',
  (intervalMs) => {
    const expected = expect.objectContaining({ name: 'GonkaConfigError', code: 'config-invalid', field: 'intervalMs' })
    const { manager } = manage({ source: scriptedSource([]) })
    expect(() => manage({ source: scriptedSource([]), intervalMs })).toThrow(expected)
    expect(() => manager.start(intervalMs)).toThrow(expected)
    expect(manager.isRunning).toBe(false)
  },
)

test.each([-0.1, 1, Number.NaN])('a jitter of %s is refused', (jitter) => {
  expect(() => manage({ source: scriptedSource([]), jitter })).toThrow(
    expect.objectContaining({ name: 'GonkaConfigError', field: 'jitter' }),
  )
})
