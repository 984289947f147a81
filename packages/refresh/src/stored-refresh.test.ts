import { describe, expect, test, vi } from 'vitest'
import { manage } from './fixtures/manage.ts'
import { scriptedSource, setOf } from './fixtures/refresh-kit.ts'

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
