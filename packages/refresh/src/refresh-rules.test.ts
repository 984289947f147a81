import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualSource, recordingSink, scriptedSource, setOf } from './fixtures/refresh-kit.ts'
import { RefreshManager } from './refresh-manager.ts'
import type { RefreshResult, SourcedSet } from './types.ts'

const trust = fc.constantFrom('none' as const, 'none' as const, 'anchored' as const)
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ epochId: fc.integer({ min: 0, max: 6 }), size: fc.integer({ min: 0, max: 3 }), trust }),
  },
  { weight: 1, arbitrary: fc.constant('down' as const) },
)

function play(steps: readonly (SourcedSet | Error)[]) {
  const sink = recordingSink()
  return { sink, manager: new RefreshManager({ source: scriptedSource(steps), sink, now: () => 0 }) }
}

/** The rule in other words: whether a set may follow `current`, after these older unproven ones, of which it may be the last. */
function mayFollow(set: SourcedSet, current: SourcedSet | undefined, since: readonly SourcedSet[]): boolean {
  if (current === undefined || set.epochId >= current.epochId) return true
  const epochs = since.slice(-3).map(({ epochId }) => epochId)
  const unproven = set.trust === 'none' && current.trust === 'none'
  return unproven && epochs.length === 3 && epochs.every((epochId, at) => epochId >= (epochs[at - 1] ?? 0))
}

async function checkSequence(answers: readonly (SourcedSet | Error)[]): Promise<void> {
  const { manager, sink } = play(answers)
  let model: SourcedSet | undefined
  let since: SourcedSet[] = []
  for (const answer of answers) {
    const set = answer instanceof Error || answer.participants.length === 0 ? undefined : answer
    if (set?.trust === 'none') since.push(set)
    const accepted = set !== undefined && mayFollow(set, model, since)
    const oldEpoch = model?.epochId
    if (accepted) [model, since] = [set, []]
    const result = await manager.refreshNow()
    expect(result.success).toBe(accepted)
    expect(result.epochChanged).toBe(accepted && model?.epochId !== oldEpoch)
    expect(manager.currentEpoch).toBe(model?.epochId)
    expect(sink.sets.at(-1)).toBe(model)
  }
}

test('for any sequence of answers the epoch goes back only after three unproven lists in a row, and the sink holds the last set that was accepted', async () => {
  const answer = step.map((each) =>
    each === 'down' ? new Error('down') : { ...setOf(each.epochId, each.size), trust: each.trust },
  )
  const healing = [6, 1, 1, 1].map((epochId) => ({ ...setOf(epochId), trust: 'none' as const }))
  const sequence = fc.array(answer, { minLength: 1, maxLength: 12 })
  await fc.assert(fc.asyncProperty(sequence, checkSequence), { examples: [[healing]] })
})

/** A source that counts the fetches whose answer the manager still waits for. */
function countingSource() {
  const source = manualSource()
  const open = new Set<number>()
  let most = 0
  return {
    get most() {
      return most
    },
    discover(options: { signal?: AbortSignal | undefined } = {}) {
      const id = source.pending.length
      open.add(id)
      most = Math.max(most, open.size)
      options.signal?.addEventListener('abort', () => open.delete(id))
      return source.discover(options)
    },
    settle(how: 'resolve' | 'reject') {
      for (const id of open) {
        if (how === 'resolve') source.pending[id]?.resolve(setOf(1))
        else source.pending[id]?.reject(new Error('down'))
        open.delete(id)
      }
    },
  }
}

const action = fc.constantFrom('call', 'leave', 'answer', 'fail', 'stop', 'wait')

test('for any interleaving of callers, answers and stops one refresh runs at a time and every caller hears', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
      const source = countingSource()
      const manager = new RefreshManager({ source, sink: recordingSink(), now: () => 0 })
      const patient: Promise<RefreshResult>[] = []
      const hasty: Promise<unknown>[] = []
      const leave = (): void => {
        const controller = new AbortController()
        hasty.push(manager.refreshNow({ signal: controller.signal }).catch((reason: unknown) => reason))
        controller.abort('left')
      }
      const act = {
        call: () => patient.push(manager.refreshNow()),
        leave,
        answer: () => source.settle('resolve'),
        fail: () => source.settle('reject'),
        stop: () => manager.stop(),
        wait: () => setImmediate(),
      }
      for (const each of actions) await act[each]()
      await manager.stop()
      expect(source.most).toBeLessThanOrEqual(1)
      expect(await Promise.all(hasty)).toEqual(hasty.map(() => 'left'))
      for (const result of await Promise.all(patient)) expect(result.success).toBe(result.error === undefined)
    }),
  )
})
