import { describe, expect, it } from 'vitest'
import { checkBounds } from './check-bounds.ts'
import { createResult } from './fixtures/create-result.ts'
import type { SoakResult } from './soak-result.ts'

function brokenBy(change: Partial<SoakResult>): string[] {
  return checkBounds({ ...createResult(), ...change }).flatMap(({ name, holds }) => (holds ? [] : [name]))
}

describe('the bounds of a soak', () => {
  it('hold for a run in which nothing was lost and nothing grew', () => {
    expect(brokenBy({})).toEqual([])
  })

  const { tally, record, end, stats, samples } = createResult()
  const { status } = record
  const grown = (change: (minute: number) => object) =>
    samples.map((sample) => ({ ...sample, ...change(sample.atS / 60) }))

  it.each<[string, Partial<SoakResult>]>([
    [
      'calls lost',
      { tally: { ...tally, started: tally.started + 1, lost: 1 }, stats: withOutcome('all-models-failed') },
    ],
    ['answers that differ from what was expected', { tally: { ...tally, wrong: 1 } }],
    ['streams interrupted where nothing was broken off', { record: { ...record, breaks: [] } }],
    [
      'healthy participants, the fewest in any second',
      { record: { ...record, status: { ...status, leastHealthy: 0 } } },
    ],
    [
      'the latest call to a participant that had left',
      { record: { ...record, status: { ...status, late: { count: 1, worstMs: 6_300 + 1_100 + 801 } } } },
    ],
    ['calls that never ended', { drained: false }],
    ['HTTP requests open once every call had ended', { drainedRequests: 1 }],
    ['sockets left when the network was gone', { end: { ...end, sockets: 1 } }],
    ['timers left', { end: { ...end, timers: 1 } }],
    ['listeners left on process', { end: { ...end, newListeners: 1 } }],
    ['listeners left on the signal of all calls', { end: { ...end, abortListeners: 1 } }],
    ['unhandled rejections and warnings', { alarms: ['unhandled rejection'] }],
    ['sockets, first and last third', { samples: grown((minute) => ({ sockets: 100 + 40 * minute })) }],
    ['HTTP requests open, first and last third', { samples: grown((minute) => ({ requests: 40 * minute })) }],
    ['timers, first and last third', { samples: grown((minute) => ({ timers: 40 * minute })) }],
  ])('%s', (name, change) => {
    expect(brokenBy(change)).toEqual([name])
  })

  it('are broken by a heap that grows, but not by connections on it', () => {
    const leak = (minute: number) => ({ heapBytes: 2 ** 20 * (40 + minute) })
    const heap = ['heap after garbage collection, first and last third', 'heap, slope']
    expect(brokenBy({ samples: grown(leak) })).toEqual(heap)
    const connect = (minute: number) => ({
      heapBytes: 2 ** 20 * 40 + 1_024 * (4 * 20 + 3 * 200) * minute,
      sockets: 20 * minute,
      places: 200 * minute,
    })
    expect(brokenBy({ samples: grown(connect) })).toEqual([])
  })

  it('are broken by statistics that miss a call', () => {
    expect(brokenBy({ tally: { ...tally, started: 12, answered: 11 } })).toEqual([
      'calls that the statistics miss or invent',
    ])
  })

  it('are broken by a call that still counts as in flight', () => {
    const [live, whole] = stats
    if (!live || !whole) throw new Error('There are two multiplexers.')
    expect(brokenBy({ stats: [{ ...live, inFlight: 1 }, whole] })).toEqual([
      'calls in flight or waiting at the end, by the statistics',
    ])
  })

  function withOutcome(outcome: string): SoakResult['stats'] {
    return stats.map((each, index) => (index === 0 ? { ...each, outcomes: { ...each.outcomes, [outcome]: 1 } } : each))
  }
})
