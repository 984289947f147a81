import { GonkaDiscoveryError, GonkaRefreshError } from '@gonka/protocol'
import { describe, expect, test, vi } from 'vitest'
import { manage } from './fixtures/manage.ts'
import { manualSource, recordingSink, scriptedSource, setOf } from './fixtures/refresh-kit.ts'
import { RefreshManager } from './refresh-manager.ts'

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
    const reject = async () => fail()
    for (const logger of [
      { info: fail, warn: fail },
      { info: reject, warn: reject },
    ]) {
      const { manager } = manage({ source: { discover: fail }, logger })
      expect(await manager.refreshNow()).toMatchObject({ success: false })
    }
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

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60' as never])(
  'an interval of %s is refused',
  (intervalMs) => {
    const expected = expect.objectContaining({ name: 'GonkaConfigError', code: 'config-invalid', field: 'intervalMs' })
    const { manager, sink } = manage({ source: scriptedSource([]) })
    expect(() => new RefreshManager({ source: scriptedSource([]), sink, intervalMs })).toThrow(expected)
    expect(() => manager.start(intervalMs)).toThrow(expected)
    expect(manager.isRunning).toBe(false)
  },
)

test.each([-0.1, 1, Number.NaN])('a jitter of %s is refused', (jitter) => {
  expect(() => manage({ source: scriptedSource([]), jitter })).toThrow(
    expect.objectContaining({ name: 'GonkaConfigError', field: 'jitter' }),
  )
})
